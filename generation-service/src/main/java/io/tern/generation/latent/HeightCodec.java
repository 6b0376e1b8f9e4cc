package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.Grey16Image;
import io.tern.imaging.Picture;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/**
 * Of a model whose samples are heights of ground behind an arsinh, as {@code adaptive-terrain-diffusion} scales them: small
 * ones keep their steps where large ones are far apart. A picture of them has the heights above its lowest point, and white,
 * 65535, is {@link #HIGHEST_METRES}.
 */
final class HeightCodec implements PictureCodec, PictureDecoder {
    static final double HIGHEST_METRES = 22.16864013671875;
    /** Below it heights are scaled evenly, above it by their logarithm. */
    private static final double KNEE_METRES = 0.1;

    private static final int WHITE = 65_535;
    private static final double ARSINH_OF_HIGHEST = arsinh(HIGHEST_METRES / KNEE_METRES);

    @Override
    public boolean drawsColours() {
        return false;
    }

    @Override
    public boolean encodes() {
        return false;
    }

    @Override
    public EncodedPicture encode(RgbImage image, Arena arena, Cancellation cancellation) {
        throw new IllegalStateException("heights have no encoder");
    }

    /** Needs no memory of its own. */
    @Override
    public PictureDecoder open(PictureSize size, Arena arena, Cancellation cancellation) {
        return this;
    }

    @Override
    public Picture decode(FloatTensor sample) {
        return heights(sample);
    }

    @Override
    public RgbImage preview(FloatTensor sample) {
        return heights(sample).toRgb();
    }

    private static Grey16Image heights(FloatTensor sample) {
        double[] metres = new double[Math.toIntExact(sample.size())];
        double lowest = HIGHEST_METRES;
        for (int i = 0; i < metres.length; i++) {
            metres[i] = metres(sample.get(i));
            lowest = Math.min(lowest, metres[i]);
        }
        char[] levels = new char[metres.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (char) Math.rint((metres[i] - lowest) / HIGHEST_METRES * WHITE);
        }
        return new Grey16Image(
                (int) sample.shape().dimension(3), (int) sample.shape().dimension(2), levels);
    }

    /** @param value -1 is 0 m, 1 the highest; values outside are clamped */
    private static double metres(float value) {
        if (Float.isNaN(value)) { // it would become a plain, and look like a terrain
            throw new TernException(
                    ErrorCode.INTERNAL_ERROR, "heights: NaN (expected: numbers; the model cannot draw this)");
        }
        double share = Math.clamp((value + 1.0) / 2, 0, 1);
        return Math.min(HIGHEST_METRES, KNEE_METRES * StrictMath.sinh(share * ARSINH_OF_HIGHEST));
    }

    private static double arsinh(double x) {
        return StrictMath.log(x + Math.sqrt(x * x + 1));
    }

    @Override
    public void close() {}
}
