package io.tern.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.Service;
import io.tern.launcher.report.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStateFileTest {
    @TempDir
    Path folder;

    private static RunState state(int services) {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
        ChildRecord record = new ChildRecord(Service.KAFKA, null, 19092, ChildState.STARTING, 2);
        ServedModel model = new ServedModel("emoji", List.of("image"), "cpu", "ab".repeat(32), true);
        return new RunState(
                self,
                RunState.Phase.READY,
                "http://127.0.0.1:8080",
                8080,
                java.util.Collections.nCopies(services, record),
                List.of(model));
    }

    @Test
    void readsWhatWasWritten() {
        RunStateFile file = new RunStateFile(folder.resolve("state.json"));

        file.write(state(5));

        assertThat(file.read()).contains(state(5));
        assertThat(file.read().orElseThrow().launcherLives()).isTrue();
    }

    @Test
    void isEmptyWhereNothingRuns() {
        RunStateFile file = new RunStateFile(folder.resolve("state.json"));
        assertThat(file.read()).isEmpty();

        file.write(state(1));
        file.delete();

        assertThat(file.read()).isEmpty();
    }

    @Test
    void aReaderNeverSeesHalfAState() throws Exception {
        RunStateFile file = new RunStateFile(folder.resolve("state.json"));
        file.write(state(1));
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int round = 0; round < 500; round++) {
                file.write(state(1 + round % 200));
            }
            done.set(true);
        });

        while (!done.get()) {
            assertThat(file.read()).isPresent();
        }
        writer.join();
    }

    @Test
    void saysWhatToDoWithAFileThatIsNoState() throws Exception {
        Path path = Files.writeString(folder.resolve("state.json"), "{");

        assertThatThrownBy(() -> new RunStateFile(path).read()).hasMessageContaining("delete it");
    }
}
