package io.tern.gateway.batches;

import org.jspecify.annotations.Nullable;

/**
 * One line of a file.
 *
 * @param number counted from 1, blank ones too
 * @param start bytes of the file before it
 * @param bytes without the line's end; null: too many
 * @param place what a large line holds while it is in memory; null: it is small
 */
record InputLine(int number, long start, byte @Nullable [] bytes, LargeLines.@Nullable Place place)
        implements AutoCloseable {
    @Override
    public void close() {
        if (place != null) {
            place.close();
        }
    }
}
