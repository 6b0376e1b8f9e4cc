package io.tern.launcher.command;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tern bench runtime | detection | generation}; what starts a Tern of its own begins in {@code ./tern} itself. */
@Command(
        name = "bench",
        description = {
            "Measures on this machine.",
            "runtime: our calls of ONNX Runtime against its own Java API.",
            "decoding: tokens a second by drafter, task and number of texts, against peers.",
            "detection: the service against a bare loop; heads of R-FCN and Faster R-CNN over the count of regions.",
            "generation: pictures by the service, by a bare loop in Python and by diffusers; four at once against one by one.",
            "jobs: a job against a direct call: alone, in bursts, beside a backlog.",
            "pictures: detection through the gateway against other servers of the same ONNX file.",
            "gateway: calls through the gateway against calls to the services themselves."
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    /** Measured in Python, since that is where its peers are. */
    private static final String GENERATION = "generation";

    /** What is measured from here; decoding, jobs, pictures and gateway begin in {@code ./tern} itself. */
    private static final List<String> SUBJECTS = List.of("runtime", "detection", GENERATION);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SUBJECT",
            description = "runtime, detection, generation, decoding, jobs, pictures or gateway")
    private String subject = "";

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "Handed on to the measurement.")
    private List<String> arguments = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!SUBJECTS.contains(subject)) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "SUBJECT: " + (subject.isEmpty() ? "missing" : subject) + " (expected: "
                            + String.join(", ", SUBJECTS) + ", decoding, jobs, pictures or gateway)");
        }
        Installation installation = Installation.current();
        if (!Files.exists(installation.jar("bench"))) {
            throw new LaunchFailure("bench is not built", "delete target and call ./tern again");
        }
        List<String> command =
                new ArrayList<>(subject.equals(GENERATION) ? inPython(installation) : inJava(installation));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new LaunchFailure("bench cannot be started: " + e.getMessage(), "see ./tern doctor", e);
        }
    }

    private List<String> inJava(Installation installation) {
        return List.of(
                installation.java().toString(),
                "-jar",
                installation.jar("bench").toString(),
                subject);
    }

    private static List<String> inPython(Installation installation) {
        return List.of(
                "python3",
                installation.root().resolve("bench/generation.py").toString(),
                "--java",
                installation.java().toString(),
                "--jar",
                installation.jar("generation-service").toString());
    }
}
