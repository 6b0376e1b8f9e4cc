package io.tern.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.launcher.host.ProcessIdentity;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NoOrphanTest {
    @TempDir
    Path folder;

    @Test
    void aKilledLauncherLeavesNoProcessBehind() throws Exception {
        Process launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LauncherProgram.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = launcher.inputReader()) {
            assertThat(lines.readLine()).contains("ready");
            assertThat(lines.readLine()).contains("ready");
        }
        List<ProcessHandle> children = new RunStateFile(folder.resolve("state.json"))
                .read().orElseThrow().services().stream()
                        .map(ChildRecord::process)
                        .filter(Objects::nonNull)
                        .map(ProcessIdentity::alive)
                        .map(alive -> alive.orElseThrow())
                        .toList();
        assertThat(children).hasSize(2);

        launcher.destroyForcibly().waitFor();

        for (ProcessHandle child : children) {
            child.onExit().get(20, TimeUnit.SECONDS);
            assertThat(child.isAlive()).isFalse();
        }
    }
}
