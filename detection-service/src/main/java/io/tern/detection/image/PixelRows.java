package io.tern.detection.image;

import io.tern.base.Cancellation;

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

    /** The same until it is cancelled: whoever gives a row then is told by the cancellation's exception. */
    default PixelRows until(Cancellation cancellation) {
        return (y, values) -> {
            cancellation.throwIfCancelled();
            row(y, values);
        };
    }
}
