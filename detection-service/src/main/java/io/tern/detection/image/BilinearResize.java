package io.tern.detection.image;

import io.tern.imaging.RgbImage;

/**
 * Bilinear interpolation with half-pixel centres, clamped at the edges, without antialiasing; in float32 without rounding
 * the result, operation for operation as in NumPy.
 */
public final class BilinearResize {
    private BilinearResize() {}

    /** Three values a pixel, 0..255, row by row. */
    public static float[] resize(RgbImage picture, int width, int height) {
        Axis columns = Axis.of(width, picture.width());
        Axis rows = Axis.of(height, picture.height());
        byte[] rgb = picture.rgb();
        float[] resized = new float[3 * width * height];
        int to = 0;
        for (int y = 0; y < height; y++) {
            int upperRow = 3 * picture.width() * rows.low[y];
            int lowerRow = 3 * picture.width() * rows.high[y];
            float fy = rows.fraction[y];
            for (int x = 0; x < width; x++) {
                int left = 3 * columns.low[x];
                int right = 3 * columns.high[x];
                float fx = columns.fraction[x];
                for (int c = 0; c < 3; c++) {
                    float upper = mix(rgb[upperRow + left + c] & 0xff, rgb[upperRow + right + c] & 0xff, fx);
                    float lower = mix(rgb[lowerRow + left + c] & 0xff, rgb[lowerRow + right + c] & 0xff, fx);
                    resized[to++] = mix(upper, lower, fy);
                }
            }
        }
        return resized;
    }

    private static float mix(float low, float high, float fraction) {
        return low * (1 - fraction) + high * fraction;
    }

    /** For each place of the result: its two neighbours in the source, and how far it is from the lower one. */
    private static final class Axis {
        private final int[] low;
        private final int[] high;
        private final float[] fraction;

        private Axis(int length) {
            low = new int[length];
            high = new int[length];
            fraction = new float[length];
        }

        private static Axis of(int length, int sourceLength) {
            Axis axis = new Axis(length);
            double step = (double) sourceLength / length;
            for (int i = 0; i < length; i++) {
                double place = Math.clamp((i + 0.5) * step - 0.5, 0, sourceLength - 1);
                axis.low[i] = (int) place;
                axis.high[i] = Math.min(axis.low[i] + 1, sourceLength - 1);
                axis.fraction[i] = (float) (place - axis.low[i]);
            }
            return axis;
        }
    }
}
