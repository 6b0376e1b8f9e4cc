package io.tern.launcher.supervise;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.Service;
import org.jspecify.annotations.Nullable;

/**
 * A process at one moment.
 *
 * @param process the living process, or the last one that lived; null before the first
 * @param restarts how often it died and was started again
 */
public record ChildRecord(
        Service service, @Nullable ProcessIdentity process, int port, ChildState state, int restarts) {
    ChildRecord with(ChildState newState) {
        return new ChildRecord(service, process, port, newState, restarts);
    }

    ChildRecord started(ProcessIdentity newProcess) {
        return new ChildRecord(service, newProcess, port, ChildState.STARTING, restarts);
    }

    ChildRecord restarting() {
        return new ChildRecord(service, process, port, ChildState.RESTARTING, restarts + 1);
    }
}
