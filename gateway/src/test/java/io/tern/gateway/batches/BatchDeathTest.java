package io.tern.gateway.batches;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGKILL to the process that runs a batch, several times in its middle. */
@Timeout(180)
class BatchDeathTest {
    private static final int LINES = 300;
    private static final int AT_ONCE = 3;
    private static final int DEATHS = 4;
    private static final List<String> ALL = Desk.numbered("line", LINES).toList();

    @TempDir
    private Path root;

    @Test
    void noLineIsLostOrDoubledAndFewAreAskedTwice() throws Exception {
        List<JsonNode> answers = answersAfterDeaths(_ -> {});
        assertThat(Desk.ids(answers)).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(askedAgain()).as("asked again").isLessThanOrEqualTo(DEATHS * AT_ONCE);
    }

    /** The same without the memory of what is finished: if this did not show, the test above could not either. */
    @Test
    void withoutTheJournalFinishedLinesAreAskedAgain() throws Exception {
        answersAfterDeaths(folder -> Files.delete(folder.resolve(BatchOutput.JOURNAL)));
        assertThat(askedAgain()).as("asked again").isGreaterThan(DEATHS * AT_ONCE);
    }

    @FunctionalInterface
    private interface Damage {
        void to(Path folder) throws IOException;
    }

    private List<JsonNode> answersAfterDeaths(Damage damage) throws Exception {
        Batch batch;
        try (Desk desk = new Desk(root, new ScriptedEndpoint(), 1)) {
            desk.up = false; // it is accepted here, and asked elsewhere
            batch = desk.create(Desk.lines(ALL.stream()));
            desk.until(batch, BatchStatus.IN_PROGRESS);
        }
        Path folder = root.resolve("batches").resolve(batch.id());
        for (int death = 1; death <= DEATHS; death++) {
            Process process = fork();
            int enough = finished(folder) + LINES / (2 * DEATHS);
            Desk.until(() -> finished(folder) >= enough);
            process.destroyForcibly().waitFor();
            assertThat(finished(folder)).as("killed in the middle").isLessThan(LINES);
            Files.writeString(folder.resolve(BatchOutput.OUTPUT), "{\"id\":\"batch_", StandardOpenOption.APPEND);
            damage.to(folder);
        }
        Process last = fork();
        try (Desk desk = new Desk(root, new ScriptedEndpoint(), 1)) {
            Batch end = desk.end(batch, BatchStatus.COMPLETED);
            assertThat(desk.route.asked)
                    .as("asked here, while another process had it")
                    .isEmpty();
            return desk.output(end);
        } finally {
            last.destroyForcibly().waitFor();
        }
    }

    private Process fork() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                BatchesMain.class.getName(),
                root.toString(),
                questions().toString(),
                String.valueOf(AT_ONCE));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        long before = asked();
        Process process = builder.start();
        Desk.until(() -> asked() > before);
        return process;
    }

    private Path questions() {
        return root.resolve("questions");
    }

    private long asked() {
        return lines().size();
    }

    private long askedAgain() {
        List<String> asked = lines();
        return asked.stream()
                .distinct()
                .mapToLong(text -> Collections.frequency(asked, text) - 1)
                .sum();
    }

    private List<String> lines() {
        try {
            return Files.exists(questions()) ? Files.readAllLines(questions()) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int finished(Path folder) {
        try {
            return (int) Files.readAllLines(folder.resolve(BatchOutput.OUTPUT)).stream()
                    .filter(line -> line.endsWith("}"))
                    .count();
        } catch (IOException e) {
            return 0; // not begun, or over
        }
    }
}
