package io.tern.launcher.command;

import io.tern.launcher.host.Check;
import io.tern.launcher.host.HostChecks;
import io.tern.launcher.host.PortChecks;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Ports;
import io.tern.launcher.report.CheckTable;
import io.tern.launcher.report.Console;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./tern doctor}. */
@Command(
        name = "doctor",
        description = "Looks at this machine: can Tern start here, and on which device will it run?",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private PortOption ports = new PortOption();

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() {
        Installation installation = Installation.current();
        DataFolder folder = data.in(installation);
        List<Check> checks = new ArrayList<>(HostChecks.essential(folder.root()));
        checks.addAll(ports(folder, ports.ports()));
        checks.addAll(HostChecks.further(installation.jar("detection-service")));
        CheckTable.of(checks).forEach(Console.standard()::line);
        return checks.stream().anyMatch(Check::failed) ? 1 : 0;
    }

    private static List<Check> ports(DataFolder data, Ports ports) {
        boolean running = new RunStateFile(data.state())
                .read()
                .filter(RunState::launcherLives)
                .filter(state -> state.portBase() == ports.base())
                .isPresent();
        return running
                ? List.of(Check.note("ports", "used by Tern itself, which is running", "end it by: ./tern down"))
                : PortChecks.of(ports, LaunchPlan.LOOPBACK);
    }
}
