package io.tern.detection.image;

/**
 * Takes a picture row by row from the top, so that the whole of it is never in memory as numbers.
 */
@FunctionalInterface
public interface PixelRows {
    /**
     * @param y number of the row, from 0
     * @param values three a pixel in the order red, green, blue, 0..255; the same array may come again with other values
     */
    void row(int y, float[] values);
}
