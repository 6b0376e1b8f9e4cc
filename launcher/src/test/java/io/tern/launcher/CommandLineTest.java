package io.tern.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String line) {
        CommandLine command = Tern.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(line.isEmpty() ? new String[0] : line.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "up --fast",
                "up --port-base many",
                "up --port-base 80",
                "doctor --port-base 99999",
                "logs nobody",
                "bench decoding",
                "bench",
                "keys ad web",
                "models lode x",
                "models load",
                "models unload",
                "keys",
                "keys add",
                "keys add a/b",
                "keys add a --steps 0",
                "logs kafka x",
                "demo peace",
                "demo chaos --jobs 0"
            })
    void wrongUsageIsOneLineAndTwo(String line) {
        assertThat(execute(line)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("tern: ")
                .endsWith("--help");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys ad web | tern: ad (expected: add, list, remove); see ./tern keys --help",
                "models lode x | tern: lode (expected: fetch, list, load, unload, verify); see ./tern models --help",
                "keys add a/b | tern: NAME: a/b (expected: 1..64 of [A-Za-z0-9_.-]); see ./tern keys add --help",
                "keys add a --steps 0 | tern: --steps: 0 (expected: 1..999999999); see ./tern keys add --help",
                "bench sound --rounds 3 | tern: SUBJECT: sound (expected: runtime, detection, generation, decoding, jobs, pictures or gateway); see ./tern bench --help",
                "demo peace | tern: SUBJECT: peace (expected: chaos, or none); see ./tern demo --help",
                "demo chaos --jobs 0 | tern: --jobs: 0 (expected: 1..1000); see ./tern demo --help",
                "bench | tern: SUBJECT: missing (expected: runtime, detection, generation, decoding, jobs, pictures or gateway); see ./tern bench --help"
            })
    void wrongUsageSaysWhatIsExpected(String line, String message) {
        assertThat(execute(line)).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "up --help", "down -h", "models fetch --help", "bench --help"})
    void helpExplains(String line) {
        assertThat(execute(line)).isZero();
        assertThat(out.toString()).startsWith("Usage: tern");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void keysAreMadeNamedAndEnded(@TempDir Path data) throws IOException {
        assertThat(execute("keys add web --requests-per-minute 60 --steps 30 --data " + data))
                .isZero();
        String line = Files.readString(data.resolve("keys"));
        assertThat(line).matches("web [0-9a-f]{64} requests-per-minute=60 steps=30\\R");
        assertThat(execute("keys add web --data " + data)).isEqualTo(1);
        assertThat(Files.readString(data.resolve("keys"))).isEqualTo(line);
        assertThat(execute("keys list --data " + data)).isZero();
        assertThat(execute("keys remove web --data " + data)).isZero();
        assertThat(Files.readString(data.resolve("keys"))).isEmpty();
        assertThat(execute("keys remove web --data " + data)).isEqualTo(1);
    }

    @Test
    void aKeyThatWasIndentedByHandIsAKeyToo(@TempDir Path data) throws IOException {
        Path keys = Files.writeString(data.resolve("keys"), "# ours\n  web " + "0".repeat(64) + "\n");

        assertThat(execute("keys add web --data " + data)).isEqualTo(1);
        assertThat(execute("keys remove web --data " + data)).isZero();

        assertThat(keys).hasContent("# ours");
    }

    @Test
    void aFailureIsOneLineAndOne() {
        // The tests' class path lies in no checkout's folder.
        System.setProperty("tern.root.before", System.getProperty("tern.root", ""));
        System.setProperty("tern.root", "/nowhere");
        try {
            assertThat(execute("status")).isEqualTo(1);
        } finally {
            System.setProperty("tern.root", System.getProperty("tern.root.before"));
            System.clearProperty("tern.root.before");
        }
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .isEqualTo(
                        "tern: there is no model catalogue at /nowhere/models/catalogue.json; start Tern by ./tern in its own folder");
    }
}
