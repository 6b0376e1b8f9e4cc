package io.tern.launcher.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.plan.Ports;
import io.tern.launcher.plan.Service;
import io.tern.launcher.supervise.ChildRecord;
import io.tern.launcher.supervise.ChildState;
import io.tern.launcher.supervise.RunState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final List<ServedModel> SERVED = List.of(
            new ServedModel("other", List.of("image"), "cpu", "cd".repeat(32), false),
            new ServedModel("emoji", List.of("image"), "cpu", "ab".repeat(32), true));

    @Test
    void theTableShowsTheDefaultModelAndCountsTheOthers() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
        List<ChildRecord> services = List.of(
                new ChildRecord(Service.KAFKA, null, 19092, ChildState.RESTARTING, 3),
                new ChildRecord(Service.GENERATION, self, 9102, ChildState.READY, 0));

        List<String> lines = StatusTable.of(
                new RunState(self, RunState.Phase.READY, "http://127.0.0.1:8080", 8080, services, SERVED));

        assertThat(lines.get(1)).matches("kafka +- +19092 +restarting +3 +- +- +- +-");
        assertThat(lines.get(2))
                .matches(
                        "generation +" + self.pid() + " +9102 +ready +0 +cpu +emoji \\(\\+1\\) +abababababab +\\d+ MB");
        assertThat(lines.get(3)).startsWith("launcher");
        assertThat(lines.getLast()).startsWith("together");
    }

    @Test
    void theFirstStepsNameTheGatewayAndAPictureThatIsThere() {
        Path root = Path.of("/opt/tern");
        Installation installation = new Installation(root, root.resolve("target/dist"), Path.of("java"));
        LaunchPlan plan = new LaunchPlan(installation, new DataFolder(root), new Ports(18080), "127.0.0.1");

        List<String> lines = FirstSteps.of(plan, SERVED);

        assertThat(lines.stream().filter(line -> line.startsWith("  curl "))).hasSize(3);
        assertThat(lines).anyMatch(line -> line.contains("@/opt/tern/models/golden/detection/pictures/chelsea.png"));
        assertThat(lines).contains("Console: http://127.0.0.1:18080/");
    }

    @Test
    void theLiveLineIsForTerminalsOnly() {
        assertThat(print(false)).isEqualTo("one\ntwo\n");
        assertThat(print(true)).contains("waiting").endsWith("two\n");
    }

    private static String print(boolean terminal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
        console.line("one");
        console.live("waiting");
        console.line("two");
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
