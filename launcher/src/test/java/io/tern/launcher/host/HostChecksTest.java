package io.tern.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.launcher.host.Check.Verdict;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostChecksTest {
    @Test
    void whatIsMissingFailsInOneLineThatSaysWhatToDo() {
        List<Check> failing =
                List.of(HostChecks.jdk(21), HostChecks.memory(1_200_000_000), HostChecks.disk(50_000_000));

        assertThat(failing)
                .allMatch(Check::failed)
                .allMatch(check -> !check.next().isEmpty());
        assertThat(failing.get(0).line())
                .isEqualTo("Java 21 is too old (expected: 25 or newer); install a JDK 25 and set JAVA_HOME to it");
        assertThat(failing.get(1).line()).startsWith("1.2 GB available (expected: 3.0 GB); ");
        assertThat(failing.get(2).line())
                .startsWith("50 MB free (expected: 2.0 GB); ")
                .contains("--data DIR");
    }

    @Test
    void whatSufficesPasses() {
        assertThat(Stream.of(HostChecks.jdk(26), HostChecks.memory(3_000_000_000L), HostChecks.disk(2_000_000_000L)))
                .allMatch(check -> check.verdict() == Verdict.OK);
    }

    @Test
    void aMachineThatHidesItsCacheIsNoted() {
        assertThat(HostChecks.cache(Optional.of("0")).verdict()).isEqualTo(Verdict.NOTE);
        assertThat(HostChecks.cache(Optional.empty()).verdict()).isEqualTo(Verdict.NOTE);
        assertThat(HostChecks.cache(Optional.of("2097152")).detail()).isEqualTo("2048 KiB");
    }

    @Test
    void fewOpenFilesAreNoted() {
        assertThat(HostChecks.openFiles(Optional.of("256")).verdict()).isEqualTo(Verdict.NOTE);
        assertThat(HostChecks.openFiles(Optional.of("unlimited")).verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void aGpuCountsOnlyWithARuntimeForIt() {
        assertThat(HostChecks.device(Optional.empty(), true).detail()).startsWith("cpu");
        assertThat(HostChecks.device(Optional.of("NVIDIA H100, 81559 MiB, 570.1"), true)
                        .detail())
                .startsWith("cuda:0, NVIDIA H100");
        assertThat(HostChecks.device(Optional.of("NVIDIA H100, 81559 MiB, 570.1"), false)
                        .detail())
                .startsWith("cpu, though");
    }

    @Test
    void aFolderThatDoesNotExistYetHasItsParentsDisk() {
        assertThat(HostChecks.essential(Path.of("/tmp/not/there/yet"))).hasSize(3);
    }

    @Test
    void aProcessIsRecognisedByItsBirthToo() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());

        assertThat(self.alive()).isPresent();
        assertThat(new ProcessIdentity(self.pid(), self.startedMillis() - 60_000).alive())
                .isEmpty();
        assertThat(Memory.residentBytes(self.pid()).orElseThrow()).isGreaterThan(10_000_000);
    }

    @Test
    void aDeadProcessThatNobodyAskedAboutIsDead() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sh -c 'echo $$' & exec sleep 60").start();
        try (BufferedReader lines = parent.inputReader()) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
            ProcessIdentity identity = ProcessIdentity.of(child);

            // It ends right after its one line, and sleep does not ask.
            while (identity.alive().isPresent()) {
                Thread.onSpinWait();
            }
            assertThat(child.isAlive()).as("for all that Java knows").isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }
}
