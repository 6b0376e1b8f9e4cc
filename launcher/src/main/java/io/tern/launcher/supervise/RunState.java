package io.tern.launcher.supervise;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.report.ServedModel;
import java.util.List;

/**
 * A running Tern, as other commands see it.
 *
 * @param launcher the process that looks after the others
 * @param gateway base URL, without a slash at the end
 * @param portBase as given to {@code up}
 * @param services empty until they are started
 * @param models empty until the gateway is ready
 */
public record RunState(
        ProcessIdentity launcher,
        Phase phase,
        String gateway,
        int portBase,
        List<ChildRecord> services,
        List<ServedModel> models) {
    /** Where the launcher is in its life. */
    public enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    public RunState {
        services = List.copyOf(services);
        models = List.copyOf(models);
    }

    RunState with(Phase newPhase) {
        return new RunState(launcher, newPhase, gateway, portBase, services, models);
    }

    RunState withServices(List<ChildRecord> newServices) {
        return new RunState(launcher, phase, gateway, portBase, newServices, models);
    }

    RunState withModels(List<ServedModel> newModels) {
        return new RunState(launcher, phase, gateway, portBase, services, newModels);
    }

    /** Whether the launcher still lives; if not, the file was left by one that was killed. */
    public boolean launcherLives() {
        return launcher.alive().isPresent();
    }
}
