package io.tern.generation;

import io.tern.base.TernException;
import io.tern.generation.pipeline.PictureSize;
import io.tern.imaging.PngEncoder;
import io.tern.imaging.Resampling;
import io.tern.imaging.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * A picture to start from in place of noise alone. Meng et al. 2022 (SDEdit), section 3: noise is laid over it up to a level,
 * and sampling goes on from there.
 *
 * @param image what is there
 * @param mask where it is drawn anew; null for everywhere
 * @param strength share of the steps that are run, in (0, 1]: 1 leaves nothing of the picture
 */
public record SourcePicture(RgbImage image, @Nullable Mask mask, double strength) {
    /** Of a picture that is drawn anew as a whole. */
    public static final double DEFAULT_STRENGTH = 0.8;
    /** Where a mask says what is kept. */
    public static final double DEFAULT_MASKED_STRENGTH = 1;

    public SourcePicture {
        // written so that NaN fails too
        if (!(0 < strength && strength <= 1)) {
            throw TernException.invalid("strength", strength, "more than 0, at most 1");
        }
        if (mask != null) {
            mask.requireSizeOf(image);
        }
    }

    /** The same in the size of the picture to be drawn. */
    SourcePicture resize(PictureSize size) {
        return new SourcePicture(
                Resampling.resize(image, size.width(), size.height()),
                mask == null ? null : mask.resize(size.width(), size.height()),
                strength);
    }

    /** How many of the steps are run: rounded down as in diffusers, but one at least. */
    int stepsOf(int steps) {
        return Math.max(1, (int) (steps * strength));
    }

    /** The pixels that are not to be drawn anew, exactly as they were: an encoder loses something of each. */
    RgbImage keepWhatIsKnown(RgbImage drawn) {
        return mask == null ? drawn : mask.merge(image, drawn);
    }

    byte[] png() {
        return PngEncoder.encode(image);
    }
}
