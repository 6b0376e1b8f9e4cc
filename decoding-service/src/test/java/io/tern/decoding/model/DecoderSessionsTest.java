package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.decoding.convert.ConvertedModel;
import io.tern.onnx.SessionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecoderSessionsTest {
    private static final Path MAPS = Path.of("/proc/self/smaps");

    @Test
    void weightsThatWereRearrangedAreNotKeptTwice() throws IOException {
        assumeTrue(Files.isReadable(MAPS), "no " + MAPS);
        try (TinyModel tiny = TinyModel.load();
                Stream<Path> files = Files.walk(tiny.folder())) {
            Path weights = files.filter(file -> file.endsWith("model.weights"))
                    .findFirst()
                    .orElseThrow();
            try (DecoderSessions _ = new DecoderSessions(
                    tiny.runtime(), new ConvertedModel(weights.getParent(), ""), List.of(1, 2), SessionConfig.cpu())) {
                List<Long> resident = residentKilobytes(weights);
                assertThat(resident).hasSize(2); // the model's own, which has run, and this one
                assertThat(resident).contains(0L);
            }
        }
    }

    /** Of each mapping of a file. */
    private static List<Long> residentKilobytes(Path file) throws IOException {
        List<String> lines = Files.readAllLines(MAPS);
        return Stream.iterate(0, line -> line < lines.size(), line -> line + 1)
                .filter(line -> lines.get(line).endsWith(file.toString()))
                .map(line -> lines.subList(line, lines.size()).stream()
                        .filter(field -> field.startsWith("Rss:"))
                        .findFirst()
                        .orElseThrow())
                .map(rss -> Long.parseLong(rss.replaceAll("\\D", "")))
                .toList();
    }
}
