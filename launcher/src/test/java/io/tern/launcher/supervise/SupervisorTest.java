package io.tern.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.ChildPlan;
import io.tern.launcher.plan.Service;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, but of the shell: they say that they are ready by making a file. */
@Timeout(60)
class SupervisorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Ready at once, ends when it is asked to, and says so. */
    private static final String WELL_BEHAVED =
            "trap 'echo $NAME >> order; exit 0' TERM; touch ready-$NAME; while :; do read line || exit 0; done";

    @TempDir
    Path folder;

    private final ConsoleLines lines = new ConsoleLines();
    private RunStateFile file = new RunStateFile(Path.of("unset"));
    private Supervisor supervisor = supervise(_ -> "");

    private Supervisor supervise(Function<Service, String> script) {
        if (folder == null) {
            return new Supervisor(List.of(), _ -> false, initial(), file, lines.console());
        }
        file = new RunStateFile(folder.resolve("state.json"));
        List<ChildPlan> plans = Arrays.stream(Service.values())
                .map(service -> plan(service, script.apply(service)))
                .toList();
        supervisor = new Supervisor(plans, address -> Files.exists(Path.of(address)), initial(), file, lines.console());
        return supervisor;
    }

    private static RunState initial() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
        return new RunState(self, RunState.Phase.STARTING, "http://127.0.0.1:8080", 8080, List.of(), List.of());
    }

    private ChildPlan plan(Service service, String script) {
        String program = "cd '" + folder + "'; NAME=" + service.label() + "; " + script;
        URI ready = folder.resolve("ready-" + service.label()).toUri();
        return new ChildPlan(
                service, List.of("sh", "-c", program), 1, ready, ready, folder.resolve(service.label() + ".log"));
    }

    private ProcessHandle process(Service service) {
        return file.read().orElseThrow().services().stream()
                .filter(record -> record.service() == service)
                .map(ChildRecord::process)
                .filter(Objects::nonNull)
                .flatMap(identity -> identity.alive().stream())
                .findFirst()
                .orElseThrow();
    }

    private ChildRecord record(Service service) {
        return file.read().orElseThrow().services().get(service.ordinal());
    }

    @AfterEach
    void stop() {
        supervisor.stop();
    }

    /** Ctrl-C may come just before; a file that says READY would outlive the launcher. */
    @Test
    void isNotReadyAnyMoreOnceItWasStopped() throws Exception {
        supervise(_ -> WELL_BEHAVED).start();
        supervisor.awaitReady(PATIENCE);

        supervisor.stop();
        supervisor.ready();

        assertThat(file.read()).isEmpty();
    }

    @Test
    void isReadyWhenAllAreAndTellsItInTheFile() throws Exception {
        supervise(_ -> WELL_BEHAVED).start();

        supervisor.awaitReady(PATIENCE);
        supervisor.ready();

        RunState state = file.read().orElseThrow();
        assertThat(state.phase()).isEqualTo(RunState.Phase.READY);
        assertThat(state.services())
                .hasSize(5)
                .allMatch(record -> record.state() == ChildState.READY && record.restarts() == 0);
    }

    @Test
    void startsADeadProcessAgainAndCountsIt() throws Exception {
        supervise(_ -> WELL_BEHAVED).start();
        supervisor.awaitReady(PATIENCE);
        ProcessHandle first = process(Service.DECODING);
        Files.delete(folder.resolve("ready-decoding"));

        first.destroyForcibly();

        lines.await("decoding", "ended with 137", "starts again in 0.2 s");
        lines.await("decoding", "ready");
        assertThat(record(Service.DECODING).restarts()).isEqualTo(1);
        assertThat(process(Service.DECODING).pid()).isNotEqualTo(first.pid());
        assertThat(record(Service.GATEWAY).restarts()).isZero();
    }

    @Test
    void noticesAProcessThatLivesButIsNotWell() throws Exception {
        supervise(_ -> WELL_BEHAVED).start();
        supervisor.awaitReady(PATIENCE);

        Files.delete(folder.resolve("ready-detection"));
        lines.await("detection", "does not answer");
        assertThat(record(Service.DETECTION).state()).isEqualTo(ChildState.UNWELL);

        Files.createFile(folder.resolve("ready-detection"));
        lines.await("detection", "ready");
        assertThat(record(Service.DETECTION).restarts()).isZero();
    }

    @Test
    void givesUpOnOneThatDiesThreeTimesBeforeItIsReadyAndQuotesItsLog() {
        supervise(service -> service == Service.GENERATION ? "echo there is no such model; exit 3" : WELL_BEHAVED)
                .start();

        assertThatThrownBy(() -> supervisor.awaitReady(PATIENCE))
                .hasMessage("generation does not start: there is no such model; read more by: ./tern logs generation");
    }

    @Test
    void givesUpOnOneThatHangs() {
        supervise(service -> service == Service.KAFKA ? "while read line; do :; done" : WELL_BEHAVED)
                .start();

        assertThatThrownBy(() -> supervisor.awaitReady(Duration.ofSeconds(3)))
                .hasMessageStartingWith("kafka does not start");
    }

    @Test
    void endsTheGatewayFirstAndKafkaLast() throws Exception {
        supervise(_ -> WELL_BEHAVED).start();
        supervisor.awaitReady(PATIENCE);
        List<ProcessHandle> processes =
                Arrays.stream(Service.values()).map(this::process).toList();

        supervisor.stop();

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        List<String> order = Files.readAllLines(folder.resolve("order"));
        assertThat(order).hasSize(5);
        assertThat(order.getFirst()).isEqualTo("gateway");
        assertThat(order.getLast()).isEqualTo("kafka");
        assertThat(file.read()).isEmpty();
    }

    @Test
    void killsWhatDoesNotListen() throws Exception {
        supervise(service -> service == Service.DETECTION
                        ? "trap '' TERM; touch ready-$NAME; while :; do read line || sleep 1; done"
                        : WELL_BEHAVED)
                .start();
        supervisor.awaitReady(PATIENCE);
        ProcessHandle deaf = process(Service.DETECTION);

        supervisor.stop();

        deaf.onExit().get();
        assertThat(deaf.isAlive()).isFalse();
    }

    @Test
    void aProcessThatIsStoppedWhileItRestsStaysDead() throws Exception {
        supervise(service -> service == Service.GATEWAY ? "exit 1" : WELL_BEHAVED)
                .start();
        lines.await("gateway", "ended with 1, starts again in 0.8 s");

        supervisor.stop();

        assertThat(file.read()).isEmpty();
        assertThat(folder.resolve("order")).content().doesNotContain("gateway");
    }
}
