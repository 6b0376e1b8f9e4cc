package io.tern.gateway.batches;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a file line by line, of which one is in memory. Blank lines are passed over. One thread at a time. */
final class InputLines implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream in;
    private final int maxLineBytes;
    private final LargeLines large;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int end;
    private int number;

    private InputLines(InputStream in, int maxLineBytes, LargeLines large) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
        this.large = large;
    }

    static InputLines open(Path file, int maxLineBytes, LargeLines large) throws IOException {
        return new InputLines(Files.newInputStream(file), maxLineBytes, large);
    }

    /** The next line that is not blank, to be closed; null at the end of the file. */
    @Nullable
    InputLine next() throws IOException {
        while (position < end || fill()) {
            number++;
            InputLine line = line();
            if (line.bytes() == null || !isBlank(line.bytes())) {
                return line;
            }
            line.close();
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private InputLine line() throws IOException {
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
                        place = large.enter();
                    }
                    line.write(buffer, position, stop - position);
                }
                position = over ? stop + 1 : stop;
            }
            InputLine whole = new InputLine(number, tooLong ? null : line.toByteArray(), place);
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
        position = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
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
