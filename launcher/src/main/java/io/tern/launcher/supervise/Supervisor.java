package io.tern.launcher.supervise;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.ChildPlan;
import io.tern.launcher.plan.Service;
import io.tern.launcher.report.Console;
import io.tern.launcher.report.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Starts all processes at once, waits until they are ready, keeps them alive, and ends them in order. Its state is
 * guarded by its own lock and mirrored in the state file at each change.
 */
public final class Supervisor {
    private static final int TRIES = 3;

    private final List<Child> children;
    private final RunStateFile file;
    private final Console console;
    private final long startNanos = System.nanoTime();
    private final Object lock = new Object();
    private RunState state;

    public Supervisor(List<ChildPlan> plans, HealthProbe health, RunState initial, RunStateFile file, Console console) {
        this.children = plans.stream()
                .map(plan -> new Child(plan, health, this::changed))
                .toList();
        this.file = file;
        this.console = console;
        this.state = initial.withServices(records());
    }

    /** Starts a thread for each process, and in it the process. */
    public void start() {
        children.forEach(
                child -> Thread.ofVirtual().name(child.plan().service().label()).start(child::keepAlive));
    }

    /** @throws LaunchFailure if one dies three times before it is ready, or the time is over; nothing is stopped by that */
    public void awaitReady(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            while (!waiting().isEmpty()) {
                hopeless().ifPresent(Supervisor::giveUp);
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    giveUp(waiting().getFirst());
                }
                console.live("%5.1f s  waiting for %s".formatted(seconds(), names(waiting())));
                lock.wait(Math.min(left, 500));
            }
        }
    }

    /** These models are served; gives what can be shown of everything. */
    public RunState serving(List<ServedModel> models) {
        synchronized (lock) {
            state = state.withServices(records()).withModels(models);
            return state;
        }
    }

    /** All is ready and has been said; who waits for the file may go. Nothing happens once it was told to stop. */
    public void ready() {
        synchronized (lock) {
            if (state.phase() == RunState.Phase.STOPPING) {
                return;
            }
            state = state.with(RunState.Phase.READY).withServices(records());
            file.write(state);
        }
    }

    /** Ends the gateway, then the services, then Kafka; what does not listen is killed. Takes at most 5 s. */
    public void stop() {
        synchronized (lock) {
            if (state.phase() == RunState.Phase.STOPPING) {
                return;
            }
            state = state.with(RunState.Phase.STOPPING);
        }
        new StopSequence(children).run();
        file.delete();
    }

    public double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void changed(ChildRecord now, String news) {
        synchronized (lock) {
            lock.notifyAll();
            if (state.phase() == RunState.Phase.STOPPING) {
                return;
            }
            state = state.withServices(records());
            try {
                file.write(state);
            } catch (LaunchFailure e) {
                // A full disk makes the file old, but processes are looked after all the same.
                console.line(String.valueOf(e.getMessage()));
            }
        }
        if (now.state() != ChildState.STARTING) {
            console.line("%5.1f s  %-10s %s".formatted(seconds(), now.service().label(), news));
        }
    }

    private List<ChildRecord> records() {
        return children.stream().map(Child::record).toList();
    }

    private List<Child> waiting() {
        return children.stream()
                .filter(child -> child.record().state() != ChildState.READY)
                .toList();
    }

    private Optional<Child> hopeless() {
        return waiting().stream()
                .filter(child -> child.record().restarts() >= TRIES)
                .findFirst();
    }

    private static void giveUp(Child child) {
        Service service = child.plan().service();
        String last =
                LogTail.lastLine(child.plan().log()).map(line -> ": " + line).orElse("");
        throw new LaunchFailure(
                service.label() + " does not start" + last, "read more by: ./tern logs " + service.label());
    }

    private static String names(List<Child> children) {
        return String.join(
                ", ",
                children.stream().map(child -> child.plan().service().label()).toList());
    }
}
