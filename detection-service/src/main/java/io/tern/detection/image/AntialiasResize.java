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

    /** As {@link Resampler}, in whole numbers. */
    public static void resize(RgbImage picture, int width, int height, PixelRows scaled) {
        // Bytes between the two passes: of a large picture there may be a hundred million values.
        byte[] columns = width == picture.width()
                ? picture.rgb()
                : alongRows(picture, Taps.of(picture.width(), width), new byte[3 * width * picture.height()]);
        if (height == picture.height()) {
            asTheyAre(columns, height, new float[3 * width], scaled);
        } else {
            alongColumns(columns, Taps.of(picture.height(), height), new int[3 * width], scaled);
        }
    }

    private static void asTheyAre(byte[] rows, int height, float[] values, PixelRows to) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < values.length; x++) {
                values[x] = rows[values.length * y + x] & 0xff;
            }
            to.row(y, values);
        }
    }

    private static byte[] alongRows(RgbImage picture, Taps taps, byte[] result) {
        byte[] rgb = picture.rgb();
        int to = 0;
        for (int row = 0; row < rgb.length; row += 3 * picture.width()) {
            for (int x = 0; x < taps.first.length; x++) {
                int from = row + 3 * taps.first[x];
                int red = taps.half();
                int green = red;
                int blue = red;
                for (int weight : taps.weights[x]) {
                    red += (rgb[from] & 0xff) * weight;
                    green += (rgb[from + 1] & 0xff) * weight;
                    blue += (rgb[from + 2] & 0xff) * weight;
                    from += 3;
                }
                result[to++] = (byte) taps.level(red);
                result[to++] = (byte) taps.level(green);
                result[to++] = (byte) taps.level(blue);
            }
        }
        return result;
    }

    /** @param sums room for those of a row */
    private static void alongColumns(byte[] source, Taps taps, int[] sums, PixelRows to) {
        float[] values = new float[sums.length];
        for (int y = 0; y < taps.first.length; y++) {
            Arrays.fill(sums, taps.half());
            int from = sums.length * taps.first[y];
            for (int weight : taps.weights[y]) {
                for (int x = 0; x < sums.length; x++) {
                    sums[x] += (source[from + x] & 0xff) * weight;
                }
                from += sums.length;
            }
            for (int x = 0; x < sums.length; x++) {
                values[x] = taps.level(sums[x]);
            }
            to.row(y, values);
        }
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

        /** What a sum begins with, so that it is rounded and not cut. */
        int half() {
            return 1 << (fractionBits - 1);
        }

        int level(int sum) {
            return Math.max(0, Math.min(255, sum >> fractionBits));
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
