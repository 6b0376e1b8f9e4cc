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

    /** As {@link Resampler}, in whole numbers. */
    public static void resize(RgbImage picture, int width, int height, PixelRows scaled) {
        Axis columns = Axis.of(picture.width(), width).withoutNeighboursBeyondEdges();
        Axis rows = Axis.of(picture.height(), height);
        int line = 3 * width;
        RowPair<int[]> neighbours =
                new RowPair<>((row, to) -> columns.mix(picture, row, to), new int[line], new int[line]);
        float[] values = new float[line];
        for (int y = 0; y < height; y++) {
            neighbours.moveTo(rows.low[y], rows.high[y]);
            mix(neighbours.low(), rows.lowWeight[y], neighbours.high(), rows.highWeight[y], values);
            scaled.row(y, values);
        }
    }

    private static void mix(int[] low, int lowWeight, int[] high, int highWeight, float[] to) {
        for (int i = 0; i < to.length; i++) {
            // The shifts drop the same bits as OpenCV's vectorised rows do.
            int sum = ((lowWeight * (low[i] >> 4)) >> 16) + ((highWeight * (high[i] >> 4)) >> 16);
            to[i] = Math.max(0, Math.min(255, (sum + 2) >> 2));
        }
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

        /** A row of the source in the length of the result, 2048 times as great. */
        void mix(RgbImage picture, int row, int[] to) {
            byte[] rgb = picture.rgb();
            int from = 3 * picture.width() * row;
            for (int x = 0; x < low.length; x++) {
                int left = from + 3 * low[x];
                int right = from + 3 * high[x];
                int leftWeight = lowWeight[x];
                int rightWeight = highWeight[x];
                to[3 * x] = (rgb[left] & 0xff) * leftWeight + (rgb[right] & 0xff) * rightWeight;
                to[3 * x + 1] = (rgb[left + 1] & 0xff) * leftWeight + (rgb[right + 1] & 0xff) * rightWeight;
                to[3 * x + 2] = (rgb[left + 2] & 0xff) * leftWeight + (rgb[right + 2] & 0xff) * rightWeight;
            }
        }
    }
}
