package io.tern.gateway.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BatchOutputTest {
    @TempDir
    private Path folder;

    private static LineResult result(int line, boolean error) {
        String json = "{\"line\":" + line + "}\n";
        return new LineResult(line, error, json.getBytes(StandardCharsets.UTF_8), new TokenUsage(1, 0, 2));
    }

    private String text(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void whatWasAppendedIsKnownToTheNextOne() throws Exception {
        try (BatchOutput output = BatchOutput.open(folder)) {
            output.append(List.of(result(3, false)));
            output.append(List.of(result(1, true), result(2, false)));
        }
        try (BatchOutput output = BatchOutput.open(folder)) {
            assertThat(List.of(1, 2, 3)).allMatch(output::isFinished);
            assertThat(output.isFinished(4)).isFalse();
            assertThat(output.counts()).isEqualTo(new Batch.Counts(2, 1, new TokenUsage(3, 0, 6)));
        }
        assertThat(text("output")).isEqualTo("{\"line\":3}\n{\"line\":2}\n");
        assertThat(text("errors")).isEqualTo("{\"line\":1}\n");
    }

    /** A process may die after any byte of the line, and after any byte of the entry. */
    @Test
    void aLineIsThereOnceOrNotAtAllWhereverTheProcessDied() throws Exception {
        try (BatchOutput output = BatchOutput.open(folder)) {
            output.append(List.of(result(1, false)));
        }
        byte[] before = Files.readAllBytes(folder.resolve("journal"));
        try (BatchOutput output = BatchOutput.open(folder)) {
            output.append(List.of(result(2, false)));
        }
        byte[] after = Files.readAllBytes(folder.resolve("journal"));
        byte[] lines = Files.readAllBytes(folder.resolve("output"));
        for (int cut = before.length; cut <= after.length; cut++) {
            Files.write(folder.resolve("journal"), java.util.Arrays.copyOf(after, cut));
            Files.write(folder.resolve("output"), lines);
            Files.writeString(folder.resolve("output"), "{\"half", StandardOpenOption.APPEND);
            try (BatchOutput output = BatchOutput.open(folder)) {
                boolean known = cut == after.length;
                assertThat(output.isFinished(2)).as("entry of %d bytes", cut).isEqualTo(known);
                if (!known) {
                    output.append(List.of(result(2, false)));
                }
                output.append(List.of(result(3, false)));
            }
            assertThat(text("output")).isEqualTo("{\"line\":1}\n{\"line\":2}\n{\"line\":3}\n");
        }
    }

    /** Here a folder is where it wants to write. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatCannotBeOpenedLeavesNothingOpen() throws Exception {
        Files.createDirectory(folder.resolve("journal"));
        assertThatThrownBy(() -> BatchOutput.open(folder)).isInstanceOf(IOException.class);
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.filter(Files::exists).map(BatchOutputTest::real))
                    .noneMatch(file -> file.startsWith(folder));
        }
    }

    private static Path real(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException _) {
            return link; // closed meanwhile
        }
    }

    @Test
    void anEntryThatWasTornIsNone() throws Exception {
        try (BatchOutput output = BatchOutput.open(folder)) {
            output.append(List.of(result(1, false), result(2, false)));
        }
        byte[] journal = Files.readAllBytes(folder.resolve("journal"));
        journal[journal.length - 9] ^= 1;
        Files.write(folder.resolve("journal"), journal);
        try (BatchOutput output = BatchOutput.open(folder)) {
            assertThat(output.isFinished(1)).isTrue();
            assertThat(output.isFinished(2)).isFalse();
        }
        assertThat(text("output")).isEqualTo("{\"line\":1}\n");
    }
}
