package io.tern.launcher.command;

import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.Service;
import io.tern.launcher.report.Console;
import io.tern.launcher.supervise.LogFollower;
import io.tern.launcher.supervise.LogTail;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tern logs}. */
@Command(name = "logs", description = "Prints the last lines of the services' logs.", mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "kafka, detection, generation, decoding or gateway; all by default.")
    private @Nullable String service;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many lines of each; the default is ${DEFAULT-VALUE}.")
    private int lines;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws Exception {
        DataFolder folder = data.in(Installation.current());
        Console console = Console.standard();
        List<Service> shown = service == null ? Arrays.asList(Service.values()) : List.of(named(service));
        for (Service each : shown) {
            String prefix = shown.size() == 1 ? "" : "%-11s".formatted(each.label());
            LogFollower follower = new LogFollower(folder.log(each), line -> console.line(prefix + line));
            LogTail.lines(folder.log(each), lines).forEach(line -> console.line(prefix + line));
            if (follow) {
                Thread.ofVirtual().name("follow-" + each.label()).start(follower);
            }
        }
        if (follow) {
            Thread.currentThread().join();
        }
        return 0;
    }

    private Service named(String label) {
        return Service.named(label)
                .orElseThrow(() -> new ParameterException(
                        Objects.requireNonNull(spec).commandLine(), "there is no service " + label));
    }
}
