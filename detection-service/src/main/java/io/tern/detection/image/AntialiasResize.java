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
        Narrowed rows = Narrowed.of(picture, width);
        if (height == picture.height()) {
            asTheyAre(rows, height, new float[3 * width], scaled);
        } else {
            alongColumns(rows, Taps.of(picture.height(), height), new int[3 * width], scaled);
        }
    }

    private static void asTheyAre(Narrowed rows, int height, float[] values, PixelRows to) {
        for (int y = 0; y < height; y++) {
            byte[] source = rows.upTo(y + 1);
            for (int x = 0; x < values.length; x++) {
                values[x] = source[values.length * y + x] & 0xff;
            }
            to.row(y, values);
        }
    }

    /** @param sums room for those of a row */
    private static void alongColumns(Narrowed rows, Taps taps, int[] sums, PixelRows to) {
        float[] values = new float[sums.length];
        for (int y = 0; y < taps.first.length; y++) {
            Arrays.fill(sums, taps.half());
            byte[] source = rows.upTo(taps.first[y] + taps.weights[y].length);
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

    /**
     * The picture's rows in the width of the result, made as far down as they are asked for, so that who stops asking stops
     * the work. Bytes, since of a large picture there may be a hundred million values. One thread's.
     */
    private static final class Narrowed {
        private final RgbImage picture;
        private final Taps taps;
        private final byte[] rows;
        private int made;

        private Narrowed(RgbImage picture, Taps taps, byte[] rows, int made) {
            this.picture = picture;
            this.taps = taps;
            this.rows = rows;
            this.made = made;
        }

        static Narrowed of(RgbImage picture, int width) {
            Taps taps = Taps.of(picture.width(), width);
            return width == picture.width()
                    ? new Narrowed(picture, taps, picture.rgb(), picture.height())
                    : new Narrowed(picture, taps, new byte[3 * width * picture.height()], 0);
        }

        /** With all rows above this one. */
        byte[] upTo(int end) {
            for (; made < end; made++) {
                make(made);
            }
            return rows;
        }

        private void make(int y) {
            byte[] rgb = picture.rgb();
            int to = 3 * taps.first.length * y;
            int row = 3 * picture.width() * y;
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
                rows[to++] = (byte) taps.level(red);
                rows[to++] = (byte) taps.level(green);
                rows[to++] = (byte) taps.level(blue);
            }
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
