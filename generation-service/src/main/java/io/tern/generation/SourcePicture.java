package io.tern.generation;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.generation.latent.PictureSize;
import io.tern.imaging.Picture;
import io.tern.imaging.Resampling;
import io.tern.imaging.ResamplingFilter;
import io.tern.imaging.RgbImage;
import io.tern.imaging.png.PngEncoder;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A picture to start from in place of noise alone. Meng et al. 2022 (SDEdit), section 3: noise is laid over it up to a level,
 * and sampling goes on from there.
 *
 * @param image what is there
 * @param mask where it is drawn anew; null for everywhere
 * @param strength share of the steps that are run, in (0, 1]: 1 leaves nothing of the picture
 * @param upscale how many times it is enlarged, 1..8, to be drawn over in windows of the model's own size; empty where it
 *     is drawn as a whole, in the request's size
 */
public record SourcePicture(RgbImage image, @Nullable Mask mask, double strength, OptionalDouble upscale) {
    /** Of a picture that is drawn anew as a whole. */
    private static final double DEFAULT_STRENGTH = 0.8;
    /** Where a mask says what is kept. */
    private static final double DEFAULT_MASKED_STRENGTH = 1;
    /** Where it is enlarged: what is there stays, and gets details. */
    private static final double DEFAULT_UPSCALED_STRENGTH = 0.1;

    private static final double MOST_UPSCALE = 8;

    public SourcePicture {
        // written so that NaN fails too
        if (!(0 < strength && strength <= 1)) {
            throw TernException.invalid("strength", strength, "more than 0, at most 1");
        }
        if (mask != null) {
            mask.requireSizeOf(image);
        }
        double factor = upscale.orElse(1);
        require(1 <= factor && factor <= MOST_UPSCALE, "upscale", factor, "1.." + MOST_UPSCALE);
        require(mask == null || upscale.isEmpty(), "mask", "given", "none together with upscale");
    }

    /** One that is drawn as a whole. */
    public SourcePicture(RgbImage image, @Nullable Mask mask, double strength) {
        this(image, mask, strength, OptionalDouble.empty());
    }

    /** How strongly a picture is drawn over where a request does not say. */
    public static double usualStrength(boolean masked, boolean upscaled) {
        return masked ? DEFAULT_MASKED_STRENGTH : upscaled ? DEFAULT_UPSCALED_STRENGTH : DEFAULT_STRENGTH;
    }

    /** The same in the size of the picture to be drawn. */
    SourcePicture resize(PictureSize size) {
        ResamplingFilter filter = upscale.isPresent() ? ResamplingFilter.LANCZOS : ResamplingFilter.TRIANGLE;
        return new SourcePicture(
                Resampling.resize(image, size.width(), size.height(), filter),
                mask == null ? null : mask.resize(size.width(), size.height()),
                strength,
                upscale.isPresent() ? OptionalDouble.of(1) : upscale);
    }

    /** How many of the steps are run: rounded down as in diffusers, but one at least. */
    int stepsOf(int steps) {
        return Math.max(1, (int) (steps * strength));
    }

    /** The pixels that are not to be drawn anew, exactly as they were: an encoder loses something of each. */
    Picture keepWhatIsKnown(Picture drawn) {
        return mask != null && drawn instanceof RgbImage colours ? mask.merge(image, colours) : drawn;
    }

    byte[] png() {
        return PngEncoder.encode(image);
    }
}
