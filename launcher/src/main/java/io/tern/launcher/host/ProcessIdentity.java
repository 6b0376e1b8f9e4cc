package io.tern.launcher.host;

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
                .filter(ProcessHandle::isAlive)
                .filter(process -> Math.abs(startedMillis(process) - startedMillis) <= TOLERANCE.toMillis());
    }

    private static long startedMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
