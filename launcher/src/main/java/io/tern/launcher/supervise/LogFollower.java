package io.tern.launcher.supervise;

import io.tern.launcher.LaunchFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Hands on the lines that a log gets from now on, until its thread is interrupted. Owned by that thread. */
public final class LogFollower implements Runnable {
    private static final long POLL_MILLIS = 250;
    private static final int WINDOW_BYTES = 1 << 20;

    private final Path log;
    private final Consumer<String> lines;
    private long position;

    /** Counts from here: what is in the log now is old. */
    public LogFollower(Path log, Consumer<String> lines) {
        this.log = log;
        this.lines = lines;
        this.position = length();
    }

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                poll();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new LaunchFailure("cannot read " + log, "look at it with another program", e);
        }
    }

    /** Hands on the whole lines that have come since the last time. */
    public void poll() throws IOException {
        position = handOn(position);
    }

    /** Hands on the whole lines after the position, of a line that fills the window a part; gives the position after them. */
    long handOn(long from) throws IOException {
        long length = length();
        // Shorter than before: it was emptied because it had grown too long.
        long start = length < from ? 0 : from;
        if (length == start) {
            return start;
        }
        byte[] bytes = new byte[(int) Math.min(length - start, WINDOW_BYTES)];
        int read;
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(start);
            read = Math.max(0, file.read(bytes)); // fewer where the log was emptied just now
        }
        int end = read;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == 0 && read == WINDOW_BYTES) {
            end = read;
        }
        new String(bytes, 0, end, StandardCharsets.UTF_8).lines().forEach(lines);
        return start + end;
    }

    private long length() {
        try {
            return Files.size(log);
        } catch (IOException _) {
            return 0;
        }
    }
}
