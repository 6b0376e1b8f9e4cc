package io.tern.detection.image;

import io.tern.imaging.RgbImage;

/**
 * Bilinear interpolation with half-pixel centres, clamped at the edges, without antialiasing; in float32 without rounding
 * the result, operation for operation as in NumPy: first along rows, then along columns.
 */
public final class BilinearResize {
    private BilinearResize() {}

    /** As {@link Resampler}. */
    public static void resize(RgbImage picture, int width, int height, PixelRows scaled) {
        Axis columns = Axis.of(width, picture.width());
        Axis rows = Axis.of(height, picture.height());
        int line = 3 * width;
        RowPair<float[]> neighbours =
                new RowPair<>((row, to) -> columns.mix(picture, row, to), new float[line], new float[line]);
        float[] values = new float[line];
        for (int y = 0; y < height; y++) {
            neighbours.moveTo(rows.low[y], rows.high[y]);
            mix(neighbours.low(), neighbours.high(), rows.fraction[y], values);
            scaled.row(y, values);
        }
    }

    private static void mix(float[] low, float[] high, float fraction, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = low[i] * (1 - fraction) + high[i] * fraction;
        }
    }

    /** For each place of the result: its two neighbours in the source, and how far it is from the lower one. */
    private record Axis(int[] low, int[] high, float[] fraction) {
        static Axis of(int length, int sourceLength) {
            Axis axis = new Axis(new int[length], new int[length], new float[length]);
            double step = (double) sourceLength / length;
            for (int i = 0; i < length; i++) {
                double place = Math.clamp((i + 0.5) * step - 0.5, 0, sourceLength - 1);
                axis.low[i] = (int) place;
                axis.high[i] = Math.min(axis.low[i] + 1, sourceLength - 1);
                axis.fraction[i] = (float) (place - axis.low[i]);
            }
            return axis;
        }

        /** A row of the source in the length of the result. */
        void mix(RgbImage picture, int row, float[] to) {
            byte[] rgb = picture.rgb();
            int from = 3 * picture.width() * row;
            for (int x = 0; x < low.length; x++) {
                int left = from + 3 * low[x];
                int right = from + 3 * high[x];
                float f = fraction[x];
                to[3 * x] = (rgb[left] & 0xff) * (1 - f) + (rgb[right] & 0xff) * f;
                to[3 * x + 1] = (rgb[left + 1] & 0xff) * (1 - f) + (rgb[right + 1] & 0xff) * f;
                to[3 * x + 2] = (rgb[left + 2] & 0xff) * (1 - f) + (rgb[right + 2] & 0xff) * f;
            }
        }
    }
}
