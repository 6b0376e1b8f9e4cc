package io.tern.detection.image;

import io.tern.detection.box.Box;
import io.tern.imaging.RgbImage;
import java.util.Arrays;

/**
 * Where a picture lies in a network's input: scaled so that it fits without being stretched, with padding around it.
 *
 * @param pictureWidth size of the picture, in pixels
 * @param inputWidth size of the network's input
 * @param width size of the scaled picture inside the input
 * @param scale input pixels for a pixel of the picture
 * @param left where the scaled picture begins
 */
public record Letterbox(
        int pictureWidth,
        int pictureHeight,
        int inputWidth,
        int inputHeight,
        int width,
        int height,
        double scale,
        int left,
        int top) {

    /** In the middle; an odd rest of padding is on the right and at the bottom. */
    public static Letterbox centred(int pictureWidth, int pictureHeight, int inputWidth, int inputHeight) {
        double scale = Math.min((double) inputHeight / pictureHeight, (double) inputWidth / pictureWidth);
        // Half to even, as Python's round; a picture as thin as a thread still has one row.
        int width = Math.max(1, (int) Math.rint(pictureWidth * scale));
        int height = Math.max(1, (int) Math.rint(pictureHeight * scale));
        return new Letterbox(
                pictureWidth,
                pictureHeight,
                inputWidth,
                inputHeight,
                width,
                height,
                scale,
                (inputWidth - width) / 2,
                (inputHeight - height) / 2);
    }

    /**
     * The input's pixels, row by row with three values each in the order red, green, blue, 0..255 and not rounded.
     *
     * @param padding value of the pixels around the picture
     */
    public float[] render(RgbImage picture, float padding) {
        float[] input = new float[3 * inputWidth * inputHeight];
        Arrays.fill(input, padding);
        float[] scaled = BilinearResize.resize(picture, width, height);
        for (int y = 0; y < height; y++) {
            System.arraycopy(scaled, 3 * width * y, input, 3 * (inputWidth * (top + y) + left), 3 * width);
        }
        return input;
    }

    /** A box of the input in pixels of the picture, clipped to it. */
    public Box toPicture(Box box) {
        return new Box(
                        (box.x1() - left) / scale,
                        (box.y1() - top) / scale,
                        (box.x2() - left) / scale,
                        (box.y2() - top) / scale)
                .clip(pictureWidth, pictureHeight);
    }
}
