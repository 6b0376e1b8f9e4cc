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
     * Gives the rows of the input.
     *
     * @param padding value of the pixels around the picture
     */
    public void render(RgbImage picture, Resampler resampler, float padding, PixelRows input) {
        float[] line = new float[3 * inputWidth];
        Arrays.fill(line, padding);
        pad(0, top, line, input);
        if (width == inputWidth) {
            resampler.resize(picture, width, height, (y, values) -> input.row(top + y, values));
        } else {
            resampler.resize(picture, width, height, (y, values) -> {
                System.arraycopy(values, 0, line, 3 * left, values.length);
                input.row(top + y, line);
            });
            Arrays.fill(line, padding);
        }
        pad(top + height, inputHeight, line, input);
    }

    private static void pad(int from, int to, float[] line, PixelRows input) {
        for (int y = from; y < to; y++) {
            input.row(y, line);
        }
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
