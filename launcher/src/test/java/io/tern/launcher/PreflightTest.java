package io.tern.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

class PreflightTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String line) {
        return Preflight.run(List.of(line.split(" ", -1)), new PrintStream(out), new PrintStream(err));
    }

    @Test
    void itsSourcesNeedNothingButTheJdk() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "src/main/java/io/tern/launcher/Preflight.java",
                        "up",
                        "--port-base=80")
                .redirectErrorStream(true)
                .start();

        assertThat(process.inputReader().readAllAsString())
                .isEqualToIgnoringNewLines("tern: port base: 80 (expected: 1024..54522); see ./tern up --help");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void aTakenPortIsOneLineAndOne() throws IOException {
        try (ServerSocket socket = gatewayOfSomeBase()) {
            assertThat(run("up --detach --port-base " + socket.getLocalPort())).isEqualTo(1);
        }
        assertThat(err.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .matches("tern: port \\d+ \\(gateway, HTTP\\) is taken by .*: ./tern up --port-base \\d+");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"up --fast", "up --port-base many", "up --port-base", "doctor --port-base=99999", "up x"})
    void wrongUsageIsOneLineAndTwo(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("tern: ")
                .endsWith("--help");
    }

    /** So that none is refused as unknown: the port base is, which is looked at after all options. */
    @ParameterizedTest
    @ValueSource(strings = {"up", "doctor"})
    void knowsEveryOptionOfItsCommands(String command) {
        CommandSpec spec = Tern.commandLine().getSubcommands().get(command).getCommandSpec();
        String options = spec.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(option -> option.longestName() + (option.arity().max() == 0 ? "" : " 127.0.0.1"))
                .collect(Collectors.joining(" "));

        assertThat(run(command + " " + options)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("tern: port base: 127.0.0.1 (expected: a number)");
    }

    @Test
    void doctorShowsEveryCheck() {
        assertThat(run("doctor --data /tmp --port-base 33000")).isIn(0, 1);
        assertThat(out.toString(UTF_8)).contains("memory", "disk", "jdk", "ports", "maven", "device", "Tern can");
    }

    private static ServerSocket gatewayOfSomeBase() throws IOException {
        for (int port = 23_000; ; port += 100) {
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (BindException _) {
                // Somebody else's: the next base.
            }
        }
    }
}
