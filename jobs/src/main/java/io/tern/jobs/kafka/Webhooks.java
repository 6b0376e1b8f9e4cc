package io.tern.jobs.kafka;

import io.tern.base.TernException;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.WebhookSender.Outcome;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.artifact.WebhookCalls;
import io.tern.jobs.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the webhooks of ended jobs called, again and again until one call is taken, at least once whatever dies: who begins a
 * call says so in the store first, so that of several gateways one does, and another goes on when its time is over.
 */
final class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final int AT_ONCE = 16;

    private final ArtifactStore store;
    private final JobTable table;
    private final WebhookSender sender;
    private final List<Duration> waits;
    private final InstantSource clock;
    private final Executor threads;
    private final Map<String, Instant> due = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_ONCE);

    /**
     * @param waits after the first call, the second and so on; after one more it is given up
     * @param threads on which calls block
     */
    Webhooks(
            ArtifactStore store,
            JobTable table,
            WebhookSender sender,
            List<Duration> waits,
            InstantSource clock,
            Executor threads) {
        this.store = store;
        this.table = table;
        this.sender = sender;
        this.waits = waits;
        this.clock = clock;
        this.threads = threads;
    }

    /** One round: begins the calls whose time has come. The owner calls it every half second or so, from one thread. */
    void call() {
        for (Optional<String> id = table.nextToCall(); id.isPresent(); id = table.nextToCall()) {
            due.put(id.get(), Instant.EPOCH);
        }
        Instant now = clock.instant();
        due.forEach((id, at) -> {
            if (!at.isAfter(now) && places.tryAcquire()) {
                due.remove(id);
                threads.execute(() -> callAndRelease(id));
            }
        });
    }

    private void callAndRelease(String id) {
        try {
            next(id).ifPresent(at -> due.put(id, at));
        } catch (TernException e) {
            LOG.info("job {}: its webhook waits for the store: {}", id, e.getMessage());
            due.put(id, clock.instant().plus(waits.getFirst()));
        } finally {
            places.release();
        }
    }

    /** Calls if it is time. @return when to look again; empty: never */
    private Optional<Instant> next(String id) {
        Optional<Job> job = table.get(id);
        if (job.isEmpty()) {
            return Optional.empty(); // erased
        }
        WebhookCalls calls = store.webhook(id);
        if (calls.settled()) {
            return Optional.empty();
        }
        Instant time = after(calls.attempts(), calls.lastAt());
        Instant now = clock.instant();
        if (time.isAfter(now)) {
            return Optional.of(time);
        }
        int attempt = calls.attempts() + 1;
        if (attempt <= waits.size() + 1) {
            if (!store.beginWebhook(id, attempt, now)) {
                return Optional.of(after(attempt, now));
            }
            if (sent(job.get()) == Outcome.FAILED) {
                return Optional.of(after(attempt, now));
            }
        } else {
            LOG.warn("job {}: its webhook is given up after {} calls", id, calls.attempts());
        }
        store.settleWebhook(id);
        return Optional.empty();
    }

    private Outcome sent(Job end) {
        try {
            return sender.send(end);
        } catch (RuntimeException e) {
            // Broadly, for this is an edge: whatever the sender does, the call comes again.
            LOG.warn("job {}: its webhook: {}", end.getId(), e.toString());
            return Outcome.FAILED;
        }
    }

    private Instant after(int attempts, Instant last) {
        return attempts == 0 ? Instant.EPOCH : last.plus(waits.get(Math.min(attempts, waits.size()) - 1));
    }
}
