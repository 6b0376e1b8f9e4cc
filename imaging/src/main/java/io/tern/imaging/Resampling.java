package io.tern.imaging;

/**
 * Changes a picture's size by a triangle filter that is as wide as a target pixel when it shrinks, so that nothing
 * aliases: the "bilinear" of Pillow, in float32. Beside the two pictures it needs memory for one row.
 */
public final class Resampling {
    private Resampling() {}

    /** The picture itself where it has that size already. */
    public static RgbImage resize(RgbImage image, int width, int height) {
        if (image.width() == width && image.height() == height) {
            return image;
        }
        byte[] resized = new byte[3 * width * height];
        float[] row = new float[3 * image.width()];
        for (int y = 0; y < height; y++) {
            blendRows(image, Window.of(y, height, image.height()), row);
            for (int x = 0; x < width; x++) {
                Window window = Window.of(x, width, image.width());
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
     * @param reach of the triangle to either side
     * @param sum of the triangle's heights
     */
    private record Window(int low, int high, double centre, double reach, double sum) {
        static Window of(int target, int targets, int sources) {
            double scale = (double) sources / targets;
            double reach = Math.max(scale, 1);
            double centre = (target + 0.5) * scale;
            int low = Math.max(0, (int) (centre - reach + 0.5));
            int high = Math.min(sources, (int) (centre + reach + 0.5));
            double sum = 0;
            for (int i = low; i < high; i++) {
                sum += height(i, centre, reach);
            }
            return new Window(low, high, centre, reach, sum);
        }

        float weight(int source) {
            return (float) (height(source, centre, reach) / sum);
        }

        private static double height(int source, double centre, double reach) {
            return Math.max(0, 1 - Math.abs((source + 0.5 - centre) / reach));
        }
    }
}
