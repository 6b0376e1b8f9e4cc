package io.tern.imaging;

/** What can be written as a PNG. */
public sealed interface Picture permits RgbImage, Grey16Image {
    /** In pixels. */
    int width();

    /** In pixels. */
    int height();
}
