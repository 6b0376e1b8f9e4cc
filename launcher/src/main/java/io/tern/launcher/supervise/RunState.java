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
 * @param services all of them, those without a process too
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

    /** The state of a process as it is now: the file is as old as its last change, and a process may have died since. */
    public ChildState seen(ChildRecord record) {
        ProcessIdentity process = record.process();
        if (process != null && process.alive().isPresent()) {
            return record.state();
        }
        if (!launcherLives()) {
            return ChildState.STOPPED;
        }
        return process == null ? record.state() : ChildState.RESTARTING;
    }

    /** Whether all is ready, now. */
    public boolean isWhole() {
        return services.stream().allMatch(record -> seen(record) == ChildState.READY);
    }

    /** Whether the launcher still lives; if not, the file was left by one that was killed. */
    public boolean launcherLives() {
        return launcher.alive().isPresent();
    }
}
