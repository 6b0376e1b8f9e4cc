package io.tern.detection.image;

import io.tern.imaging.RgbImage;

/**
 * Bilinear interpolation as OpenCV's {@code INTER_LINEAR} does it on bytes: half-pixel centres, no antialiasing, weights
 * of 11 bits, rounded to whole levels.
 */
public final class FixedPointResize {
    private static final int WEIGHT_BITS = 11;
    private static final int ONE = 1 << WEIGHT_BITS;

    private FixedPointResize() {}

    /** Three values a pixel, whole numbers 0..255, row by row. */
    public static float[] resize(RgbImage picture, int width, int height) {
        Axis columns = Axis.of(picture.width(), width).withoutNeighboursBeyondEdges();
        Axis rows = Axis.of(picture.height(), height);
        byte[] rgb = picture.rgb();
        float[] resized = new float[3 * width * height];
        int to = 0;
        for (int y = 0; y < height; y++) {
            int upperRow = 3 * picture.width() * rows.low[y];
            int lowerRow = 3 * picture.width() * rows.high[y];
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int upper = columns.mix(rgb, upperRow + c, x);
                    int lower = columns.mix(rgb, lowerRow + c, x);
                    // The shifts drop the same bits as OpenCV's vectorised rows do.
                    int sum = ((rows.lowWeight[y] * (upper >> 4)) >> 16) + ((rows.highWeight[y] * (lower >> 4)) >> 16);
                    resized[to++] = Math.clamp((sum + 2) >> 2, 0, 255);
                }
            }
        }
        return resized;
    }

    /** For each place of the result: its two neighbours in the source and their weights, which add up to 2048. */
    private record Axis(int[] low, int[] high, int[] lowWeight, int[] highWeight) {
        static Axis of(int sourceLength, int length) {
            Axis axis = new Axis(new int[length], new int[length], new int[length], new int[length]);
            double step = (double) sourceLength / length;
            for (int i = 0; i < length; i++) {
                float place = (float) ((i + 0.5) * step - 0.5);
                int low = (int) Math.floor(place);
                float fraction = place - low;
                axis.low[i] = Math.clamp(low, 0, sourceLength - 1);
                axis.high[i] = Math.clamp(low + 1, 0, sourceLength - 1);
                axis.lowWeight[i] = (int) Math.rint((1f - fraction) * ONE);
                axis.highWeight[i] = (int) Math.rint(fraction * ONE);
            }
            return axis;
        }

        /** At an edge one neighbour with all the weight: so along rows, while along columns the edge counts twice. */
        Axis withoutNeighboursBeyondEdges() {
            for (int i = 0; i < low.length; i++) {
                if (low[i] == high[i]) {
                    lowWeight[i] = ONE;
                    highWeight[i] = 0;
                }
            }
            return this;
        }

        int mix(byte[] rgb, int row, int place) {
            return (rgb[row + 3 * low[place]] & 0xff) * lowWeight[place]
                    + (rgb[row + 3 * high[place]] & 0xff) * highWeight[place];
        }
    }
}
