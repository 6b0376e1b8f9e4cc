package io.tern.launcher.command;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.host.Check;
import io.tern.launcher.host.HostChecks;
import io.tern.launcher.host.PortChecks;
import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.model.ModelFetcher;
import io.tern.launcher.model.ModelServices;
import io.tern.launcher.plan.LaunchPlan;
import io.tern.launcher.report.Console;
import io.tern.launcher.report.FirstSteps;
import io.tern.launcher.report.ServedModel;
import io.tern.launcher.report.StatusTable;
import io.tern.launcher.supervise.HealthProbe;
import io.tern.launcher.supervise.RunLock;
import io.tern.launcher.supervise.RunState;
import io.tern.launcher.supervise.RunStateFile;
import io.tern.launcher.supervise.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Checks, fetches, starts, reports, and then looks after the processes until this one is told to end. */
record Foreground(LaunchPlan plan, Console console) {
    /** Far above what a slow machine needs; only for a service that hangs. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** @throws LaunchFailure if it cannot be started; nothing runs then. Does not return otherwise. */
    void run() throws InterruptedException {
        RunStateFile file = new RunStateFile(plan.data().state());
        try (RunLock _ = RunLock.tryAcquire(plan.data().lock()).orElseThrow(() -> alreadyRunning(file))) {
            Leftovers.end(file);
            check();
            RunState initial = new RunState(
                    ProcessIdentity.of(ProcessHandle.current()),
                    RunState.Phase.STARTING,
                    plan.gateway().toString(),
                    plan.ports().base(),
                    List.of(),
                    List.of());
            Supervisor supervisor = new Supervisor(plan.children(), HealthProbe.http(), initial, file, console);
            file.write(supervisor.serving(List.of()));
            EndSignal end = EndSignal.whichRuns(supervisor::stop);
            try {
                fetchModels();
                supervisor.start();
                supervisor.awaitReady(PATIENCE);
                List<ServedModel> models =
                        ModelServices.of(supervisor.serving(List.of())).served();
                report(supervisor.seconds(), models, supervisor.serving(models));
                supervisor.ready();
                new CountDownLatch(1).await();
            } finally {
                end.withFailure();
                supervisor.stop();
            }
        }
    }

    private void check() {
        Stream.concat(
                        HostChecks.essential(plan.data().root()).stream(),
                        PortChecks.of(plan.ports(), plan.bind()).stream())
                .filter(Check::failed)
                .findFirst()
                .ifPresent(failed -> {
                    throw new LaunchFailure(failed.detail(), failed.next());
                });
    }

    private void fetchModels() {
        ModelFetcher fetcher = ModelFetcher.of(plan.installation(), plan.data(), console);
        var _ = fetcher.fetchMissing(fetcher.wanted());
    }

    private void report(double seconds, List<ServedModel> models, RunState state) {
        console.line("");
        console.line("READY in %.1f s".formatted(seconds));
        StatusTable.of(state).forEach(console::line);
        console.line("");
        FirstSteps.of(plan, models).forEach(console::line);
        if (KeysCommand.areAskedFor(plan.data().keys())) {
            console.line(
                    "Callers need a key, as curl's -H 'Authorization: Bearer KEY'; make one by: ./tern keys add NAME");
        } else if (plan.isPublic()) {
            console.line("Note: everyone who reaches " + plan.bind()
                    + " can use it until there are keys: ./tern keys add NAME");
        }
        console.line("End it by Ctrl-C, or elsewhere by: ./tern down");
    }

    private static LaunchFailure alreadyRunning(RunStateFile file) {
        String where = file.read()
                .map(state -> " (pid " + state.launcher().pid() + ", " + state.gateway() + ")")
                .orElse("");
        return new LaunchFailure(
                "Tern is already running on this data folder" + where,
                "end it by ./tern down, or start a second one: ./tern up --data DIR --port-base N");
    }
}
