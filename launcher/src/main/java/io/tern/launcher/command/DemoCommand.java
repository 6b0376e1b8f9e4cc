package io.tern.launcher.command;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.demo.Chaos;
import io.tern.launcher.demo.Gateway;
import io.tern.launcher.demo.Tour;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import java.io.IOException;
import java.nio.file.Files;
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

/** {@code ./tern demo [chaos]}. */
@Command(
        name = "demo",
        description = {
            "Shows what a running Tern does: a text, a picture, and boxes on a photograph.",
            "chaos: hands in jobs, kills every process once while they run, and counts what became of the jobs."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final String CHAOS = "chaos";

    @Parameters(index = "0", arity = "0..1", paramLabel = "SUBJECT", description = "chaos; a tour if absent")
    private String subject = "";

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "24", description = "Of chaos: 1..1000, 24 by default.")
    private int jobs;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:TERN_KEY:-}",
            description = "Where callers need one (./tern keys); TERN_KEY by default.")
    private String key = "";

    @Mixin
    private DataOption data = new DataOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!subject.isEmpty() && !subject.equals(CHAOS)) {
            throw wrong("SUBJECT: " + subject + " (expected: chaos, or none)");
        }
        if (jobs < 1 || jobs > 1000) {
            throw wrong("--jobs: " + jobs + " (expected: 1..1000)");
        }
        Installation installation = Installation.current();
        DataFolder folder = data.in(installation);
        Console console = Console.standard();
        RunState begun = running(folder);
        if (!begun.isWhole()) {
            throw new LaunchFailure("Tern is not ready", "see what it waits for: ./tern status");
        }
        try (Gateway gateway = Gateway.of(begun, key)) {
            if (subject.equals(CHAOS)) {
                new Chaos(gateway, () -> running(folder), console)
                        .run(jobs, ByteString.copyFrom(Files.readAllBytes(installation.samplePicture())));
            } else {
                new Tour(gateway, console, folder.root().resolve("demo")).run(installation.samplePicture());
            }
            return 0;
        } catch (StatusRuntimeException e) {
            throw new LaunchFailure(
                    "the demo was refused: " + e.getStatus().getCode() + " "
                            + String.valueOf(e.getStatus().getDescription()).replaceAll("\\s+", " "),
                    "see ./tern status",
                    e);
        } catch (IOException e) {
            throw new LaunchFailure("the demo cannot read or write its files: " + e.getMessage(), "see --help", e);
        }
    }

    private static RunState running(DataFolder folder) {
        return new RunStateFile(folder.state())
                .read()
                .filter(RunState::launcherLives)
                .orElseThrow(() -> new LaunchFailure(
                        "nothing runs on the data folder " + folder.root(), "start it by: ./tern up"));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
