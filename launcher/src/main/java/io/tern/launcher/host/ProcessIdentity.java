package io.tern.launcher.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process id with its time of birth, so that a reused id is not taken for the process.
 *
 * @param startedMillis since 1970; 0 if the system does not tell
 */
public record ProcessIdentity(long pid, long startedMillis) {
    /** The system counts from its boot, in ticks, and the clock is set now and then. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    public static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(process.pid(), startedMillis(process));
    }

    /** The process, if it still runs. */
    public Optional<ProcessHandle> alive() {
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && !isZombie(pid))
                .filter(process -> Math.abs(startedMillis(process) - startedMillis) <= TOLERANCE.toMillis());
    }

    /** Dead, and waiting for its parent to ask how it ended; a container's first process may take its time over that. */
    private static boolean isZombie(long pid) {
        try {
            // pid (name) state ...; the name may hold anything, brackets too.
            String status = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException _) {
            return false;
        }
    }

    private static long startedMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
