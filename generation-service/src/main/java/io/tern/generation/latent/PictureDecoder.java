package io.tern.generation.latent;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.Picture;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;

/** Samples to pictures, for one request. */
public interface PictureDecoder extends AutoCloseable {
    /**
     * @param sample of one picture: [1, channels, height, width]
     * @throws TernException INTERNAL_ERROR if the model gave no numbers; also what a run throws
     */
    Picture decode(FloatTensor sample);

    /** How a picture seems to become, at little cost. */
    RgbImage preview(FloatTensor sample);

    @Override
    void close();

    /** 0..255. Halves go to even, as numpy rounds; values outside are clamped. */
    static byte level(double value) {
        if (Double.isNaN(value)) { // it would become black, and look like a picture
            throw new TernException(
                    ErrorCode.INTERNAL_ERROR, "pixels: NaN (expected: numbers; the model cannot draw this)");
        }
        return (byte) Math.clamp(Math.rint(value), 0, 255);
    }
}
