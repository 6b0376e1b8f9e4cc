package io.tern.launcher.command;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Processes of a launcher that was killed. They end by themselves when their input ends, so there is seldom one; but one
 * that hangs would hold its port.
 */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private Leftovers() {}

    /** Does nothing if the launcher lives. Gives how many it ended. */
    static int end(RunStateFile file) {
        Optional<RunState> state = file.read().filter(left -> !left.launcherLives());
        if (state.isEmpty()) {
            return 0;
        }
        List<ProcessIdentity> alive = state.orElseThrow().services().stream()
                .map(ChildRecord::process)
                .filter(Objects::nonNull)
                .filter(process -> process.alive().isPresent())
                .toList();
        alive.forEach(process -> process.alive().ifPresent(ProcessHandle::destroy));
        alive.forEach(process -> endWithin(process, PATIENCE));
        file.delete();
        return alive.size();
    }

    /** Waits, and kills it when the time is over. */
    static void endWithin(ProcessIdentity process, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            // Its own onExit looks after somebody else's child but once a second.
            while (process.alive().isPresent() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.alive().ifPresent(ProcessHandle::destroyForcibly);
    }
}
