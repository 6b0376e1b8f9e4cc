package io.tern.launcher.command;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
        List<ProcessHandle> alive = state.orElseThrow().services().stream()
                .map(ChildRecord::process)
                .filter(Objects::nonNull)
                .map(ProcessIdentity::alive)
                .flatMap(Optional::stream)
                .toList();
        alive.forEach(ProcessHandle::destroy);
        alive.forEach(process -> endWithin(process, PATIENCE));
        file.delete();
        return alive.size();
    }

    /** Waits, and kills it when the time is over. */
    static void endWithin(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            process.destroyForcibly();
        }
    }
}
