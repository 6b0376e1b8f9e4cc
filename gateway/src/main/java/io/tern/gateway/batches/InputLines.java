package io.tern.gateway.batches;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file line by line, of which one is in memory. Blank lines are passed over. Whatever fails can be tried again: it
 * begins where the last line ended. One thread at a time.
 */
final class InputLines implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SeekableByteChannel file;
    private final int maxLineBytes;
    private final LargeLines large;
    private final BooleanSupplier isStopped;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int end;
    /** Bytes of the file up to the buffer's end. */
    private long buffered;

    private int number;

    /** @param isStopped whether to wait no longer for a large line's place */
    InputLines(SeekableByteChannel file, int maxLineBytes, LargeLines large, BooleanSupplier isStopped) {
        this.file = file;
        this.maxLineBytes = maxLineBytes;
        this.large = large;
        this.isStopped = isStopped;
    }

    static InputLines open(Path file, int maxLineBytes, LargeLines large, BooleanSupplier isStopped)
            throws IOException {
        return new InputLines(Files.newByteChannel(file), maxLineBytes, large, isStopped);
    }

    /** The next line that is not blank, to be closed; null at the end of the file, or where it was stopped. */
    @Nullable
    InputLine next() throws IOException, InterruptedException {
        while (position < end || fill()) {
            InputLine line = wholeLine(offset());
            if (line == null || line.bytes() == null || !isBlank(line.bytes())) {
                return line;
            }
            line.close();
        }
        return null;
    }

    /** The line of that number once more, which starts there; what is next stays the same. */
    @Nullable
    InputLine again(int number, long start) throws IOException, InterruptedException {
        long nextStart = offset();
        int last = this.number;
        try {
            seek(start, number - 1);
            return next();
        } finally {
            seek(nextStart, last);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Null where it was stopped; it is the next one still then, as it is after a failure. */
    private @Nullable InputLine wholeLine(long start) throws IOException, InterruptedException {
        int last = number++;
        InputLine line = null;
        try {
            line = line(start);
            return line;
        } finally {
            if (line == null) {
                seek(start, last);
            }
        }
    }

    private @Nullable InputLine line(long start) throws IOException, InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        LargeLines.Place place = null;
        boolean tooLong = false;
        boolean over = false;
        try {
            while (!over && (position < end || fill())) {
                int stop = lineFeed();
                over = stop < end;
                tooLong |= line.size() + stop - position > maxLineBytes;
                if (!tooLong) {
                    if (place == null && line.size() + stop - position > LargeLines.SMALL_BYTES) {
                        place = large.enter(isStopped);
                        if (place == null) {
                            return null;
                        }
                    }
                    line.write(buffer, position, stop - position);
                }
                position = over ? stop + 1 : stop;
            }
            InputLine whole = new InputLine(number, start, tooLong ? null : line.toByteArray(), place);
            place = null; // the line's own now
            return whole;
        } finally {
            if (place != null) {
                place.close();
            }
        }
    }

    /** Where the line ends in the buffer; the buffer's end if it goes on. */
    private int lineFeed() {
        int stop = position;
        while (stop < end && buffer[stop] != '\n') {
            stop++;
        }
        return stop;
    }

    private boolean fill() throws IOException {
        file.position(buffered);
        int read = file.read(ByteBuffer.wrap(buffer));
        position = 0;
        end = Math.max(0, read);
        buffered += end;
        return end > 0;
    }

    private long offset() {
        return buffered - (end - position);
    }

    private void seek(long start, int lineBefore) {
        buffered = start;
        position = 0;
        end = 0;
        number = lineBefore;
    }

    private static boolean isBlank(byte[] line) {
        for (byte character : line) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }
}
