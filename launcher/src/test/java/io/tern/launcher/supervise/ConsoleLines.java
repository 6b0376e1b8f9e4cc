package io.tern.launcher.supervise;

import io.tern.launcher.report.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A console whose lines can be waited for. */
final class ConsoleLines {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Console console() {
        return new Console(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
                    @Override
                    public void println(String line) {
                        lines.add(line);
                    }
                },
                false);
    }

    /** Takes lines until one holds all the words; fails after half a minute. */
    String await(String... words) throws InterruptedException {
        while (true) {
            String line = lines.poll(30, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no line with " + String.join(", ", words));
            }
            if (java.util.Arrays.stream(words).allMatch(line::contains)) {
                return line;
            }
        }
    }
}
