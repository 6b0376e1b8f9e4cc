package io.tern.detection.image;

import io.tern.imaging.RgbImage;
import java.util.Arrays;

/**
 * Bilinear interpolation whose triangle is as wide as the source pixels under a pixel of the result, so that shrinking
 * averages; first along rows, then along columns, rounded to whole levels each time. The arithmetic is that of
 * torchvision's antialiased resize of bytes: weights of 15 bits, as many of them behind the point as the greatest allows.
 * Pillow's {@code BILINEAR} is the same with 22 bits, and at times a level away.
 */
public final class AntialiasResize {
    private static final int WEIGHT_BITS = 15;
    private static final int MOST_FRACTION_BITS = 22;

    private AntialiasResize() {}

    /** Three values a pixel, whole numbers 0..255, row by row. */
    public static float[] resize(RgbImage picture, int width, int height) {
        int[] pixels = new int[3 * picture.width() * picture.height()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = picture.rgb()[i] & 0xff;
        }
        int[] columns = width == picture.width()
                ? pixels
                : along(
                        pixels,
                        picture.height(),
                        3 * picture.width(),
                        3 * width,
                        3,
                        Taps.of(picture.width(), width),
                        true);
        int[] rows = height == picture.height()
                ? columns
                : along(columns, height, 3 * width, 3 * width, 3 * width, Taps.of(picture.height(), height), false);
        float[] resized = new float[rows.length];
        for (int i = 0; i < resized.length; i++) {
            resized[i] = rows[i];
        }
        return resized;
    }

    /**
     * @param lines of the result
     * @param step from one source pixel to the next along the axis
     * @param horizontal whether the taps lie in the line, or else over the lines
     */
    private static int[] along(
            int[] source, int lines, int sourceLine, int line, int step, Taps taps, boolean horizontal) {
        int[] result = new int[lines * line];
        for (int y = 0; y < lines; y++) {
            for (int x = 0; x < line; x++) {
                int place = horizontal ? x / 3 : y;
                int from = horizontal ? y * sourceLine + 3 * taps.first[place] + x % 3 : taps.first[place] * step + x;
                int sum = 1 << (taps.fractionBits - 1);
                for (int weight : taps.weights[place]) {
                    sum += source[from] * weight;
                    from += step;
                }
                result[y * line + x] = Math.clamp(sum >> taps.fractionBits, 0, 255);
            }
        }
        return result;
    }

    /** For each place of the result: the first source pixel under its triangle, and the weights from there on. */
    private record Taps(int[] first, int[][] weights, int fractionBits) {
        static Taps of(int sourceLength, int length) {
            double scale = (double) sourceLength / length;
            double support = Math.max(1, scale); // half of the triangle's width
            int[] first = new int[length];
            double[][] triangles = new double[length][];
            double greatest = 0;
            for (int i = 0; i < length; i++) {
                double centre = (i + 0.5) * scale;
                first[i] = Math.max(0, (int) (centre - support + 0.5));
                int end = Math.min(sourceLength, (int) (centre + support + 0.5));
                triangles[i] = triangle(first[i], end, centre, support);
                greatest = Math.max(greatest, Arrays.stream(triangles[i]).max().orElseThrow());
            }
            int fractionBits = 0;
            while (fractionBits < MOST_FRACTION_BITS
                    && (int) (0.5 + greatest * (1 << (fractionBits + 1))) < 1 << WEIGHT_BITS) {
                fractionBits++;
            }
            return new Taps(first, fixed(triangles, 1 << fractionBits), fractionBits);
        }

        /** Adds up to 1. */
        private static double[] triangle(int from, int to, double centre, double support) {
            double[] weights = new double[to - from];
            for (int j = 0; j < weights.length; j++) {
                weights[j] = Math.max(0, 1 - Math.abs((from + j - centre + 0.5) / support));
            }
            double sum = Arrays.stream(weights).sum();
            return Arrays.stream(weights).map(weight -> weight / sum).toArray();
        }

        private static int[][] fixed(double[][] weights, int one) {
            return Arrays.stream(weights)
                    .map(row -> Arrays.stream(row)
                            .mapToInt(weight -> (int) (0.5 + weight * one))
                            .toArray())
                    .toArray(int[][]::new);
        }
    }
}
