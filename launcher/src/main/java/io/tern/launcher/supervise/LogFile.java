package io.tern.launcher.supervise;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A process's log of bounded size. What is in it is copied away and the file emptied in place, because the process holds
 * it open; it appends, so it goes on at the new end. Lines written during the copy may be lost.
 */
record LogFile(Path file, long maxBytes) {
    private static final long MAX_BYTES = 10_000_000;
    private static final int KEPT = 3;

    LogFile(Path file) {
        this(file, MAX_BYTES);
    }

    /** Empties the file into {@code .1} if it has grown too long; {@code .1} becomes {@code .2}, the oldest goes. */
    void bound() {
        try {
            if (!Files.exists(file) || Files.size(file) <= maxBytes) {
                return;
            }
            for (int age = KEPT - 1; age >= 1; age--) {
                if (Files.exists(aged(age))) {
                    Files.move(aged(age), aged(age + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.copy(file, aged(1), StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        } catch (IOException _) {
            // A log that cannot be shortened now is no reason to let a process be; the next look tries again.
        }
    }

    private Path aged(int age) {
        return file.resolveSibling(file.getFileName() + "." + age);
    }
}
