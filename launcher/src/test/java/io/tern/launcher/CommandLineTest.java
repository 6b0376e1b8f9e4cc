package io.tern.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "models load",
                "models unload",
                "logs kafka x"
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
    @ValueSource(strings = {"--help", "up --help", "down -h", "models fetch --help", "bench --help"})
    void helpExplains(String line) {
        assertThat(execute(line)).isZero();
        assertThat(out.toString()).startsWith("Usage: tern");
        assertThat(err.toString()).isEmpty();
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
