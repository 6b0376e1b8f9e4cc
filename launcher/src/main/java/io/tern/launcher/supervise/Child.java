package io.tern.launcher.supervise;

import io.tern.launcher.host.ProcessIdentity;
import io.tern.launcher.plan.ChildPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One process that is kept alive: started, asked for its health, started again with back-off when it dies, until it is
 * told to stop. {@link #keepAlive} runs on a thread of its own; the other methods are for any thread.
 */
final class Child {
    private static final long STARTING_POLL_MILLIS = 200;
    private static final long WATCHING_POLL_MILLIS = 2000;
    /** Looks in a row at a process that lives and does not answer, before it is ended to be started again. */
    private static final int PATIENT_LOOKS = 15;

    private final ChildPlan plan;
    private final HealthProbe health;
    private final ChildListener listener;
    private final LogFile log;
    private final BackOff backOff = new BackOff();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Object lock = new Object();
    /** Guarded by the lock, as is the start of a process, lest one be started after the stop. */
    private ChildRecord record;

    private @Nullable Process process;

    Child(ChildPlan plan, HealthProbe health, ChildListener listener) {
        this.plan = plan;
        this.health = health;
        this.listener = listener;
        this.log = new LogFile(plan.log());
        this.record = new ChildRecord(plan.service(), null, plan.port(), ChildState.STARTING, 0);
    }

    ChildPlan plan() {
        return plan;
    }

    ChildRecord record() {
        synchronized (lock) {
            return record;
        }
    }

    /** Returns when the process has been stopped and is dead. */
    void keepAlive() {
        try {
            while (!isStopping()) {
                long born = System.nanoTime();
                String death = liveOnce();
                if (!isStopping()) {
                    Duration pause = backOff.after(Duration.ofNanos(System.nanoTime() - born));
                    publish(ChildRecord::restarting, death + ", starts again in " + pause.toMillis() / 1000.0 + " s");
                    stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        publish(now -> now.with(ChildState.STOPPED), "stopped");
    }

    /** Asks the process to end; it is not started again. */
    void stop() {
        stop.countDown();
        synchronized (lock) {
            if (process != null) {
                process.destroy();
            }
        }
    }

    /** Ends the process without asking. */
    void kill() {
        stop.countDown();
        synchronized (lock) {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** Whether the process is dead before the time is over; for use after {@link #stop}. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        Process last;
        synchronized (lock) {
            last = process;
        }
        return last == null || last.waitFor(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** From birth to death; says how it died. */
    private String liveOnce() throws InterruptedException {
        log.bound();
        Process current;
        synchronized (lock) {
            if (isStopping()) {
                return "stopped";
            }
            try {
                current = start();
            } catch (IOException e) {
                return "cannot be started: " + e.getMessage();
            }
            process = current;
        }
        ProcessIdentity identity = ProcessIdentity.of(current.toHandle());
        publish(now -> now.started(identity), "started");
        watch(current);
        return "ended with " + current.exitValue();
    }

    private Process start() throws IOException {
        // Standard input stays an open pipe: its end tells the process that the launcher is gone.
        return new ProcessBuilder(shielded(plan.command()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()))
                .start();
    }

    /**
     * The terminal sends Ctrl-C to all processes at once; only the launcher is to hear it, because it ends the others in
     * order. An ignored signal stays ignored in the program that the shell becomes, and the JVM leaves it so.
     */
    private static List<String> shielded(List<String> command) {
        List<String> shielded = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "tern"));
        shielded.addAll(command);
        return shielded;
    }

    private void watch(Process current) throws InterruptedException {
        boolean wasReady = false;
        long pollMillis = STARTING_POLL_MILLIS;
        int unwellLooks = 0;
        while (!current.waitFor(pollMillis, TimeUnit.MILLISECONDS)) {
            boolean well = health.isWell(wasReady ? plan.live() : plan.ready());
            if (well && !wasReady) {
                wasReady = true;
                pollMillis = WATCHING_POLL_MILLIS;
            }
            if (wasReady && !isStopping()) {
                observe(well);
                unwellLooks = well ? 0 : unwellLooks + 1;
                if (unwellLooks == PATIENT_LOOKS) {
                    current.destroyForcibly();
                }
            }
            log.bound();
        }
    }

    private void observe(boolean well) {
        ChildState seen = well ? ChildState.READY : ChildState.UNWELL;
        if (record().state() != seen) {
            publish(now -> now.with(seen), well ? "ready" : "does not answer its health check");
        }
    }

    private void publish(UnaryOperator<ChildRecord> change, String news) {
        ChildRecord now;
        synchronized (lock) {
            now = change.apply(record);
            record = now;
        }
        listener.changed(now, news);
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }
}
