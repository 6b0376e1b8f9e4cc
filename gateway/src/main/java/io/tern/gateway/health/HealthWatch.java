package io.tern.gateway.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each probe on a thread of its own, often while it is down and seldom while it is up, and keeps what was said
 * last. Listeners are told after each change, one at a time.
 */
public final class HealthWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);
    private static final int SILENCES_UNTIL_DOWN = 3;

    private final Duration whileUp;
    private final Duration whileDown;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Consumer<Health>> listeners = new ArrayList<>();
    /** Guarded by this. */
    private final Map<String, Boolean> up = new LinkedHashMap<>();

    private boolean goingDown;

    public HealthWatch(Duration whileUp, Duration whileDown) {
        this.whileUp = whileUp;
        this.whileDown = whileDown;
    }

    /**
     * What is up now.
     *
     * @param up by name of what was asked
     * @param goingDown this server is ending
     */
    public record Health(Map<String, Boolean> up, boolean goingDown) {
        public Health {
            up = Collections.unmodifiableMap(new LinkedHashMap<>(up));
        }

        public boolean isReady() {
            return !goingDown && !up.containsValue(false);
        }
    }

    /** Begins to ask. */
    public synchronized void start(List<Probe> probes) {
        for (Probe probe : probes) {
            up.put(probe.name(), false);
            threads.add(Thread.ofVirtual().name("health-" + probe.name()).start(() -> watch(probe)));
        }
    }

    public synchronized Health health() {
        return new Health(up, goingDown);
    }

    /** Told at once, and after each change. */
    public synchronized void listen(Consumer<Health> listener) {
        listeners.add(listener);
        listener.accept(health());
    }

    /** From now on not ready, whatever the probes say. */
    public synchronized void goDown() {
        goingDown = true;
        tell();
    }

    @Override
    public synchronized void close() {
        threads.forEach(Thread::interrupt);
    }

    private void watch(Probe probe) {
        int silences = 0;
        while (!Thread.currentThread().isInterrupted()) {
            Probe.Answer answer = ask(probe);
            silences = answer == Probe.Answer.SILENT ? silences + 1 : 0;
            boolean isUp = answer == Probe.Answer.UP
                    || answer == Probe.Answer.SILENT && silences < SILENCES_UNTIL_DOWN && wasUp(probe);
            set(probe.name(), isUp);
            try {
                Thread.sleep(isUp ? whileUp : whileDown);
            } catch (InterruptedException _) {
                return; // the server is going down
            }
        }
    }

    /** A probe that is broken has heard nothing. */
    private static Probe.Answer ask(Probe probe) {
        try {
            return probe.ask();
        } catch (RuntimeException e) {
            log.error("the probe of {} failed", probe.name(), e);
            return Probe.Answer.SILENT;
        }
    }

    /** One that fails keeps nothing from the others, nor the watch from its next round. */
    private void tell() {
        for (Consumer<Health> listener : listeners) {
            try {
                listener.accept(health());
            } catch (RuntimeException e) {
                log.error("a listener to the health of services failed", e);
            }
        }
    }

    private synchronized boolean wasUp(Probe probe) {
        return up.getOrDefault(probe.name(), false);
    }

    private synchronized void set(String name, boolean isUp) {
        if (!Boolean.valueOf(isUp).equals(up.put(name, isUp))) {
            tell();
        }
    }
}
