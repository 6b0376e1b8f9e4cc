package io.tern.launcher.command;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./tern down}. */
@Command(name = "down", description = "Ends what 'tern up' started, within 5 seconds.", mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {
    /** The launcher ends all others within 5 s; a little more for itself. */
    private static final Duration PATIENCE = Duration.ofMillis(5500);

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() {
        long start = System.nanoTime();
        DataFolder folder = data.in(Installation.current());
        RunStateFile file = new RunStateFile(folder.state());
        Optional<ProcessIdentity> launcher = file.read()
                .map(RunState::launcher)
                .filter(identity -> identity.alive().isPresent());
        launcher.ifPresent(identity -> {
            identity.alive().ifPresent(ProcessHandle::destroy);
            Leftovers.endWithin(identity, PATIENCE);
        });
        int leftovers = Leftovers.end(file);
        Console console = Console.standard();
        if (launcher.isEmpty() && leftovers == 0) {
            console.line("Nothing runs on the data folder " + folder.root());
        } else {
            console.line("Ended in %.1f s".formatted((System.nanoTime() - start) / 1e9));
        }
        return 0;
    }
}
