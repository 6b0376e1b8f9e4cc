package io.tern.imaging;

/**
 * Changes a picture's size by a filter that grows as wide as a target pixel when it shrinks, so that nothing aliases: as
 * Pillow does it, in float32. Beside the two pictures it needs memory for one row.
 */
public final class Resampling {
    private Resampling() {}

    /** By {@link ResamplingFilter#TRIANGLE}. */
    public static RgbImage resize(RgbImage image, int width, int height) {
        return resize(image, width, height, ResamplingFilter.TRIANGLE);
    }

    /** The picture itself where it has that size already. */
    public static RgbImage resize(RgbImage image, int width, int height, ResamplingFilter filter) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        byte[] resized = new byte[3 * width * height];
        float[] row = new float[3 * image.width()];
        for (int y = 0; y < height; y++) {
            blendRows(image, Window.of(y, height, image.height(), filter), row);
            for (int x = 0; x < width; x++) {
                Window window = Window.of(x, width, image.width(), filter);
                for (int channel = 0; channel < 3; channel++) {
                    resized[3 * (y * width + x) + channel] = level(window, row, channel);
                }
            }
        }
        return new RgbImage(width, height, resized);
    }

    private static void blendRows(RgbImage image, Window window, float[] row) {
        for (int i = 0; i < row.length; i++) {
            float sum = 0;
            for (int y = window.low(); y < window.high(); y++) {
                sum += window.weight(y) * (image.rgb()[y * row.length + i] & 0xff);
            }
            row[i] = sum;
        }
    }

    private static byte level(Window window, float[] row, int channel) {
        float sum = 0;
        for (int x = window.low(); x < window.high(); x++) {
            sum += window.weight(x) * row[3 * x + channel];
        }
        return (byte) Math.clamp(Math.round(sum), 0, 255);
    }

    /**
     * The source pixels that one target pixel is made of, along one axis.
     *
     * @param low first of them
     * @param high behind the last one
     * @param centre of the target pixel, in source pixels
     * @param stretch source pixels for each unit of the filter
     * @param filter its shape
     * @param sum of the filter's heights
     */
    private record Window(int low, int high, double centre, double stretch, ResamplingFilter filter, double sum) {
        static Window of(int target, int targets, int sources, ResamplingFilter filter) {
            double scale = (double) sources / targets;
            double centre = (target + 0.5) * scale;
            if (filter == ResamplingFilter.NEAREST) {
                int nearest = Math.min((int) centre, sources - 1);
                return new Window(nearest, nearest + 1, nearest + 0.5, 1, filter, 1);
            }
            double stretch = Math.max(scale, 1);
            double reach = stretch * filter.reach();
            int low = Math.max(0, (int) (centre - reach + 0.5));
            int high = Math.min(sources, (int) (centre + reach + 0.5));
            double sum = 0;
            for (int i = low; i < high; i++) {
                sum += filter.height((i + 0.5 - centre) / stretch);
            }
            return new Window(low, high, centre, stretch, filter, sum);
        }

        float weight(int source) {
            return (float) (filter.height((source + 0.5 - centre) / stretch) / sum);
        }
    }
}
