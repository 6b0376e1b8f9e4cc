package io.tern.launcher.command;

import java.util.concurrent.atomic.AtomicBoolean;

/** Ctrl-C and SIGTERM are the usual end of {@code up}: what they end is ended in order, and the exit code is 0. */
final class EndSignal {
    private final AtomicBoolean failed = new AtomicBoolean();

    private EndSignal() {}

    /** @param stop runs before the process ends; when it has run before, it must do nothing */
    static EndSignal whichRuns(Runnable stop) {
        EndSignal signal = new EndSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.end(stop), "end"));
        return signal;
    }

    /** From now on the end of the process is not a wish but a failure: its exit code stays as it is. */
    void withFailure() {
        failed.set(true);
    }

    private void end(Runnable stop) {
        boolean wish = !failed.get();
        stop.run();
        // A package client that is still at work.
        ProcessHandle.current().children().forEach(ProcessHandle::destroy);
        if (wish) {
            // The JVM would report the signal, 130 or 143; but it did what it was told.
            Runtime.getRuntime().halt(0);
        }
    }
}
