package io.tern.generation;

import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.png.PngEncoder;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** Which pixels of a picture are to be drawn anew; the others are kept. Immutable. */
public final class Mask {
    private static final int MIDDLE = 128;

    private final int width;
    private final int height;
    /** One for each pixel, row by row. */
    private final boolean[] anew;

    private Mask(int width, int height, boolean[] anew) {
        this.width = width;
        this.height = height;
        this.anew = anew;
    }

    /**
     * A picture with transparent pixels means those, as in OpenAI's API; one without means its white pixels, as everywhere
     * else.
     *
     * @throws TernException as {@link ImageDecoder#decode(String, byte[])}, and INVALID_ARGUMENT if it marks no pixel
     */
    public static Mask parse(byte[] file) {
        RgbImage picture = ImageDecoder.decode("mask", file);
        RgbImage opacity = isPng(file) ? ImageDecoder.opacity("mask", file) : picture;
        boolean transparent = isPng(file) && darkest(opacity) < MIDDLE;
        byte[] rgb = transparent ? opacity.rgb() : picture.rgb();
        boolean[] anew = new boolean[rgb.length / 3];
        boolean any = false;
        for (int pixel = 0; pixel < anew.length; pixel++) {
            // red stands for all three: a mask is grey
            boolean bright = (rgb[3 * pixel] & 0xff) >= MIDDLE;
            anew[pixel] = bright != transparent;
            any |= anew[pixel];
        }
        if (!any) {
            throw TernException.invalid("mask", "no pixel to draw anew", "transparent pixels, or white ones");
        }
        return new Mask(picture.width(), picture.height(), anew);
    }

    private static boolean isPng(byte[] file) {
        return file.length > 1 && file[0] == (byte) 0x89 && file[1] == 'P';
    }

    private static int darkest(RgbImage image) {
        int darkest = 255;
        for (byte level : image.rgb()) {
            darkest = Math.min(darkest, level & 0xff);
        }
        return darkest;
    }

    /** @throws TernException INVALID_ARGUMENT if the picture is of another size */
    void requireSizeOf(RgbImage picture) {
        if (picture.width() != width || picture.height() != height) {
            throw TernException.invalid(
                    "mask", width + "x" + height, picture.width() + "x" + picture.height() + ", the picture's size");
        }
    }

    /** Each new pixel is the old one at its centre. */
    Mask resize(int toWidth, int toHeight) {
        if (toWidth == width && toHeight == height) {
            return this;
        }
        boolean[] resized = new boolean[toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            int row = (int) ((2L * y + 1) * height / (2L * toHeight)) * width;
            for (int x = 0; x < toWidth; x++) {
                resized[y * toWidth + x] = anew[row + (int) ((2L * x + 1) * width / (2L * toWidth))];
            }
        }
        return new Mask(toWidth, toHeight, resized);
    }

    /**
     * 1 for each latent with a pixel that is to be drawn anew, else 0: [1, channels, height, width]. The picture must have a
     * whole number of pixels for each latent.
     */
    FloatTensor latents(Arena arena, Shape shape) {
        FloatTensor latents = FloatTensor.allocate(arena, shape);
        int columns = (int) shape.dimension(3);
        int rows = (int) shape.dimension(2);
        long plane = (long) rows * columns;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (anew[y * width + x]) {
                    long latent = (long) (y * rows / height) * columns + x * columns / width;
                    for (long channel = 0; channel < shape.dimension(1); channel++) {
                        latents.set(channel * plane + latent, 1);
                    }
                }
            }
        }
        return latents;
    }

    /** The pixels of {@code drawn} that are to be drawn anew, between those of {@code kept}; all of this mask's size. */
    RgbImage merge(RgbImage kept, RgbImage drawn) {
        byte[] rgb = kept.rgb().clone();
        for (int pixel = 0; pixel < anew.length; pixel++) {
            if (anew[pixel]) {
                System.arraycopy(drawn.rgb(), 3 * pixel, rgb, 3 * pixel, 3);
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** White where the picture is drawn anew, else black. */
    byte[] png() {
        byte[] rgb = new byte[3 * anew.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (anew[i / 3] ? 255 : 0);
        }
        return PngEncoder.encode(new RgbImage(width, height, rgb));
    }
}
