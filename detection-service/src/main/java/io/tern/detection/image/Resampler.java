package io.tern.detection.image;

import io.tern.imaging.RgbImage;

/**
 * How a picture is scaled. Libraries differ, and a detector's scores follow: each family resizes as the library it comes
 * from.
 */
@FunctionalInterface
public interface Resampler {
    /** Gives the rows of the picture in this size. */
    void resize(RgbImage picture, int width, int height, PixelRows scaled);
}
