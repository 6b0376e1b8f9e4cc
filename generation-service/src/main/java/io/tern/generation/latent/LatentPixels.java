package io.tern.generation.latent;

import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;

/** Latents to pixels, for the pictures of one request. For one thread at a time. */
interface LatentPixels extends AutoCloseable {
    /**
     * @param sample latents of one picture: [1, channels, height, width]
     * @return [1, 3, height, width] within [-1, 1]; valid until the next call
     */
    FloatTensor pixels(FloatTensor sample);

    /** @throws io.tern.base.TernException INTERNAL_ERROR if the model gave no numbers; also what a run throws */
    default RgbImage decode(FloatTensor sample) {
        FloatTensor pixels = pixels(sample);
        int height = (int) pixels.shape().dimension(2);
        int width = (int) pixels.shape().dimension(3);
        int plane = width * height;
        byte[] rgb = new byte[3 * plane];
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                rgb[3 * pixel + channel] =
                        PictureDecoder.level((pixels.get((long) channel * plane + pixel) + 1) * 127.5f);
            }
        }
        return new RgbImage(width, height, rgb);
    }

    @Override
    void close();
}
