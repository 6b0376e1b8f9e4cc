package io.tern.detection.image;

import io.tern.imaging.RgbImage;

/**
 * How a picture is scaled. Libraries differ, and a detector's scores follow: each family resizes as the library it comes
 * from.
 */
@FunctionalInterface
public interface Resampler {
    /** Three values a pixel in the order red, green, blue, 0..255, row by row. */
    float[] resize(RgbImage picture, int width, int height);
}
