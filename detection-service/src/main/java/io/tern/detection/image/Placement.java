package io.tern.detection.image;

import io.tern.detection.box.Box;
import io.tern.imaging.RgbImage;
import java.util.Arrays;

/**
 * Where a picture lies in a network's input: scaled, with padding around it or without.
 *
 * @param pictureWidth size of the picture, in pixels
 * @param inputWidth size of the network's input
 * @param width size of the scaled picture inside the input
 * @param scaleX input pixels for a pixel of the picture
 * @param left where the scaled picture begins
 */
public record Placement(
        int pictureWidth,
        int pictureHeight,
        int inputWidth,
        int inputHeight,
        int width,
        int height,
        double scaleX,
        double scaleY,
        int left,
        int top) {

    /** A letterbox: not stretched, in the middle; an odd rest of padding is on the right and at the bottom. */
    public static Placement centred(int pictureWidth, int pictureHeight, int inputWidth, int inputHeight) {
        double scale = scale(pictureWidth, pictureHeight, inputWidth, inputHeight);
        // Half to even, as Python's round; a picture as thin as a thread still has one row.
        int width = Math.max(1, (int) Math.rint(pictureWidth * scale));
        int height = Math.max(1, (int) Math.rint(pictureHeight * scale));
        return new Placement(
                pictureWidth,
                pictureHeight,
                inputWidth,
                inputHeight,
                width,
                height,
                scale,
                scale,
                (inputWidth - width) / 2,
                (inputHeight - height) / 2);
    }

    /** A letterbox with the picture in the corner and its size rounded down, as YOLOX has it. */
    public static Placement topLeft(int pictureWidth, int pictureHeight, int inputWidth, int inputHeight) {
        double scale = scale(pictureWidth, pictureHeight, inputWidth, inputHeight);
        int width = Math.max(1, (int) (pictureWidth * scale));
        int height = Math.max(1, (int) (pictureHeight * scale));
        return new Placement(pictureWidth, pictureHeight, inputWidth, inputHeight, width, height, scale, scale, 0, 0);
    }

    /** Over all of the input, stretched as it takes. */
    public static Placement stretched(int pictureWidth, int pictureHeight, int inputWidth, int inputHeight) {
        return new Placement(
                pictureWidth,
                pictureHeight,
                inputWidth,
                inputHeight,
                inputWidth,
                inputHeight,
                (double) inputWidth / pictureWidth,
                (double) inputHeight / pictureHeight,
                0,
                0);
    }

    private static double scale(int pictureWidth, int pictureHeight, int inputWidth, int inputHeight) {
        return Math.min((double) inputHeight / pictureHeight, (double) inputWidth / pictureWidth);
    }

    /**
     * The input's pixels, row by row with three values each in the order red, green, blue, 0..255.
     *
     * @param padding value of the pixels around the picture
     */
    public float[] render(RgbImage picture, Resampler resampler, float padding) {
        float[] scaled = resampler.resize(picture, width, height);
        if (width == inputWidth && height == inputHeight) {
            return scaled;
        }
        float[] input = new float[3 * inputWidth * inputHeight];
        Arrays.fill(input, padding);
        for (int y = 0; y < height; y++) {
            System.arraycopy(scaled, 3 * width * y, input, 3 * (inputWidth * (top + y) + left), 3 * width);
        }
        return input;
    }

    /** A box of the input in pixels of the picture, clipped to it. */
    public Box toPicture(Box box) {
        return new Box(
                        (box.x1() - left) / scaleX,
                        (box.y1() - top) / scaleY,
                        (box.x2() - left) / scaleX,
                        (box.y2() - top) / scaleY)
                .clip(pictureWidth, pictureHeight);
    }
}
