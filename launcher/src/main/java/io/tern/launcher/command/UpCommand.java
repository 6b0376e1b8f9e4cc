package io.tern.launcher.command;

import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.report.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./tern up}. */
@Command(
        name = "up",
        description =
                "Starts Kafka, the three services and the gateway, and keeps them running until Ctrl-C or 'tern down'.",
        mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
    @Option(names = "--detach", description = "Return once everything is ready; it goes on in the background.")
    private boolean detach;

    @Mixin
    private PortOption ports = new PortOption();

    @Option(
            names = "--bind",
            paramLabel = "ADDR",
            defaultValue = LaunchPlan.LOOPBACK,
            description =
                    "Address on which the gateway listens; the default is ${DEFAULT-VALUE}. All else stays on loopback.")
    private String bind = LaunchPlan.LOOPBACK;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        Installation installation = Installation.current();
        DataFolder folder = data.in(installation);
        LaunchPlan plan = new LaunchPlan(installation, folder, ports.ports(), bind);
        folder.create();
        Console console = Console.standard();
        if (detach) {
            return new Detached(plan, console).run();
        }
        new Foreground(plan, console).run();
        return 0;
    }
}
