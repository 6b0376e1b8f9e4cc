package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/** Of a model whose samples are the pictures themselves: 0 is black, 1 is white, in one channel or in three. */
final class PixelCodec implements PictureCodec, PictureDecoder {
    // Rec. ITU-R BT.601, as everybody takes the grey of a picture.
    private static final double RED = 0.299;
    private static final double GREEN = 0.587;
    private static final double BLUE = 0.114;

    private final LatentSpace space;

    PixelCodec(LatentSpace space) {
        this.space = space;
    }

    @Override
    public boolean encodes() {
        return true;
    }

    @Override
    public EncodedPicture encode(RgbImage image, Arena arena, Cancellation cancellation) {
        FloatTensor sample =
                FloatTensor.allocate(arena, space.latents(1, new PictureSize(image.width(), image.height())));
        byte[] rgb = image.rgb();
        int plane = rgb.length / 3;
        for (int pixel = 0; pixel < plane; pixel++) {
            double red = (rgb[3 * pixel] & 0xff) / 255.0;
            double green = (rgb[3 * pixel + 1] & 0xff) / 255.0;
            double blue = (rgb[3 * pixel + 2] & 0xff) / 255.0;
            if (space.channels() == 1) {
                sample.set(pixel, (float) (RED * red + GREEN * green + BLUE * blue));
            } else {
                sample.set(pixel, (float) red);
                sample.set(plane + pixel, (float) green);
                sample.set(2L * plane + pixel, (float) blue);
            }
        }
        return new EncodedPicture(sample, null);
    }

    /** Needs no memory of its own. */
    @Override
    public PictureDecoder open(PictureSize size, Arena arena, Cancellation cancellation) {
        return this;
    }

    @Override
    public RgbImage decode(FloatTensor sample) {
        int height = (int) sample.shape().dimension(2);
        int width = (int) sample.shape().dimension(3);
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            int channel = space.channels() == 1 ? 0 : i % 3;
            rgb[i] = PictureDecoder.level(255.0 * sample.get((long) channel * width * height + i / 3));
        }
        return new RgbImage(width, height, rgb);
    }

    @Override
    public RgbImage preview(FloatTensor sample) {
        return decode(sample);
    }

    @Override
    public void close() {}
}
