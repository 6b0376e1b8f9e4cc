package io.tern.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactnessRecordTest {
    private static final Exactness FOUND = new Exactness(true, 2);

    @TempDir
    private Path folder;

    private int probes;

    private Exactness probe() {
        probes++;
        return FOUND;
    }

    @Test
    void probesOnceForTheSameConditions() throws IOException {
        assertThat(new ExactnessRecord(folder, "cpu a").readOr(this::probe)).isEqualTo(FOUND);
        assertThat(new ExactnessRecord(folder, "cpu a").readOr(this::probe)).isEqualTo(FOUND);
        assertThat(probes).isEqualTo(1);
        new ExactnessRecord(folder, "cpu b").readOr(this::probe);
        assertThat(probes).isEqualTo(2);
    }

    @Test
    void probesAgainIfTheFileMakesNoSense() throws IOException {
        for (String damage : List.of("", "bit_exact=true", "bit_exact=true\nminimum_rows=x", "minimum_rows=\\u00")) {
            new ExactnessRecord(folder, "cpu a").readOr(this::probe);
            Files.writeString(onlyFile(), damage);
            probes = 0;
            assertThat(new ExactnessRecord(folder, "cpu a").readOr(this::probe)).isEqualTo(FOUND);
            assertThat(probes).as(damage).isEqualTo(1);
        }
    }

    @Test
    void probesAgainIfTheFileIsNoText() throws IOException {
        new ExactnessRecord(folder, "cpu a").readOr(this::probe);
        Files.write(onlyFile(), new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0x80});
        assertThat(new ExactnessRecord(folder, "cpu a").readOr(this::probe)).isEqualTo(FOUND);
        assertThat(probes).isEqualTo(2);
    }

    @Test
    void describesTheProcessorByWhatChoosesKernels() {
        List<String> cpuInfo = List.of(
                "processor\t: 0",
                "model name\t: One  CPU",
                "cpu MHz\t\t: 2345.6",
                "flags\t\t: sse avx",
                "",
                "processor\t: 1",
                "flags\t: other");
        assertThat(Machine.processor(cpuInfo)).isEqualTo("model name : One CPU, flags : sse avx");
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().getFirst();
        }
    }
}
