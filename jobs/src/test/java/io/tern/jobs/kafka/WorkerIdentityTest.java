package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class WorkerIdentityTest {
    private final WorkerIdentity here = WorkerIdentity.here();

    @Test
    void knowsItselfAndNoOtherWorkerOfItsProcess() {
        assertThat(here.isSameWorker(here.toText())).isTrue();
        assertThat(here.isSameWorker(WorkerIdentity.here().toText())).isFalse();
        assertThat(here.knowsDead(WorkerIdentity.here().toText())).isFalse();
    }

    @Test
    void knowsAProcessThatEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "30").start();
        String start = new String(new ProcessBuilder("cut", "-d", " ", "-f", "22", "/proc/" + process.pid() + "/stat")
                        .start()
                        .getInputStream()
                        .readAllBytes())
                .strip();
        String living = new WorkerIdentity(here.machine(), process.pid(), start, "x").toText();
        assertThat(here.knowsDead(living)).isFalse();
        process.destroyForcibly().waitFor();
        assertThat(here.knowsDead(living)).isTrue();
    }

    @Test
    void knowsThatAProcessWithTheIdOfADeadOneIsAnother() {
        assertThat(here.knowsDead(new WorkerIdentity(here.machine(), here.pid(), "1", "x").toText()))
                .isTrue();
    }

    @Test
    void knowsNothingOfOtherMachines() {
        assertThat(here.knowsDead(new WorkerIdentity("elsewhere", 1, "1", "x").toText()))
                .isFalse();
        assertThat(here.knowsDead("")).isFalse();
    }
}
