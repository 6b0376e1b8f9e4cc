package io.tern.imaging;

import io.tern.base.Cancellation;
import java.util.Arrays;

/**
 * Changes a picture's size by a filter that grows as wide as a target pixel when it shrinks, so that nothing aliases: as
 * Pillow does it, in float32. Beside the two pictures it needs memory for one row and its weights.
 */
public final class Resampling {
    private Resampling() {}

    /** By {@link ResamplingFilter#TRIANGLE}. */
    public static RgbImage resize(RgbImage image, int width, int height) {
        return resize(image, width, height, ResamplingFilter.TRIANGLE);
    }

    /** The picture itself where it has that size already. */
    public static RgbImage resize(RgbImage image, int width, int height, ResamplingFilter filter) {
        return resize(image, width, height, filter, Cancellation.none());
    }

    /**
     * The same, which ends within a row when it is cancelled.
     *
     * @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED
     */
    public static RgbImage resize(
            RgbImage image, int width, int height, ResamplingFilter filter, Cancellation cancellation) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        byte[] resized = new byte[3 * width * height];
        float[] row = new float[3 * image.width()];
        Window[] columns = new Window[width];
        Arrays.setAll(columns, x -> Window.of(x, width, image.width(), filter));
        for (int y = 0; y < height; y++) {
            cancellation.throwIfCancelled();
            blendRows(image, Window.of(y, height, image.height(), filter), row);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    resized[3 * (y * width + x) + channel] = level(columns[x], row, channel);
                }
            }
        }
        return new RgbImage(width, height, resized);
    }

    private static void blendRows(RgbImage image, Window window, float[] row) {
        for (int i = 0; i < row.length; i++) {
            float sum = 0;
            int from = window.low * row.length + i;
            for (float weight : window.weights) {
                sum += weight * (image.rgb()[from] & 0xff);
                from += row.length;
            }
            row[i] = sum;
        }
    }

    private static byte level(Window window, float[] row, int channel) {
        float sum = 0;
        int from = 3 * window.low + channel;
        for (float weight : window.weights) {
            sum += weight * row[from];
            from += 3;
        }
        return (byte) Math.clamp(Math.round(sum), 0, 255);
    }

    /**
     * The source pixels that one target pixel is made of, along one axis.
     *
     * @param low first of them
     * @param weights of each from there on; together 1
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Window(int low, float[] weights) {
        static Window of(int target, int targets, int sources, ResamplingFilter filter) {
            double scale = (double) sources / targets;
            double centre = (target + 0.5) * scale;
            if (filter == ResamplingFilter.NEAREST) {
                int nearest = Math.min((int) centre, sources - 1);
                return new Window(nearest, new float[] {1});
            }
            double stretch = Math.max(scale, 1);
            double reach = stretch * filter.reach();
            int low = Math.max(0, (int) (centre - reach + 0.5));
            int high = Math.min(sources, (int) (centre + reach + 0.5));
            double[] heights = new double[high - low];
            double sum = 0;
            for (int i = 0; i < heights.length; i++) {
                heights[i] = filter.height((low + i + 0.5 - centre) / stretch);
                sum += heights[i];
            }
            float[] weights = new float[heights.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (heights[i] / sum);
            }
            return new Window(low, weights);
        }
    }
}
