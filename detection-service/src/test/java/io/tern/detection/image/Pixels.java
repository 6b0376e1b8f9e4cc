package io.tern.detection.image;

import java.util.function.Consumer;

/** All values of a picture that comes in rows. */
public final class Pixels {
    private Pixels() {}

    /** @param rendering writes the picture's rows */
    public static float[] of(int width, int height, Consumer<PixelRows> rendering) {
        float[] pixels = new float[3 * width * height];
        rendering.accept((y, values) -> System.arraycopy(values, 0, pixels, 3 * width * y, 3 * width));
        return pixels;
    }
}
