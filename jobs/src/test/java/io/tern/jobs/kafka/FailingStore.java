package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobLog;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.artifact.KeyRecord;
import io.tern.jobs.artifact.WebhookCalls;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store that fails once for each job: at the call whose number ends the job's id, before it does its work if the id
 * says {@code before}, else after it. Signs of life do not count.
 */
record FailingStore(ArtifactStore store, Map<String, AtomicInteger> calls) implements ArtifactStore {
    FailingStore(ArtifactStore store) {
        this(store, new ConcurrentHashMap<>());
    }

    /** How many calls there were for the job. */
    int calls(String id) {
        return calls.get(id).get();
    }

    @Override
    public void putInput(String id, JobRequest request) {
        failing(id, () -> {
            store.putInput(id, request);
            return true;
        });
    }

    @Override
    public JobRequest input(String id) {
        return failing(id, () -> store.input(id));
    }

    @Override
    public long inputBytes(String id) {
        return failing(id, () -> store.inputBytes(id));
    }

    @Override
    public JobLog log(String id) {
        return failing(id, () -> store.log(id));
    }

    @Override
    public boolean append(String id, int position, Job entry) {
        return failing(id, () -> store.append(id, position, entry));
    }

    @Override
    public void beat(String id, int attempt, String pulse) {
        store.beat(id, attempt, pulse);
    }

    @Override
    public String pulse(String id, int attempt) {
        return failing(id, () -> store.pulse(id, attempt));
    }

    @Override
    public void putResult(String id, int attempt, byte[] bytes) {
        failing(id, () -> {
            store.putResult(id, attempt, bytes);
            return true;
        });
    }

    @Override
    public InputStream result(String id, int attempt) {
        return failing(id, () -> store.result(id, attempt));
    }

    @Override
    public void tidy(String id, int attempt) {
        failing(id, () -> {
            store.tidy(id, attempt);
            return true;
        });
    }

    @Override
    public WebhookCalls webhook(String id) {
        return store.webhook(id);
    }

    @Override
    public boolean beginWebhook(String id, int attempt, Instant at) {
        return store.beginWebhook(id, attempt, at);
    }

    @Override
    public void settleWebhook(String id) {
        store.settleWebhook(id);
    }

    @Override
    public KeyRecord reserve(String keyHash, KeyRecord record, Duration validFor) {
        return store.reserve(keyHash, record, validFor);
    }

    @Override
    public void erase(String id) {
        store.erase(id);
    }

    @Override
    public void sweep(Instant before) {
        store.sweep(before);
    }

    private <T> T failing(String id, Supplier<T> work) {
        int call = calls.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
        boolean fails = id.endsWith("-" + call);
        if (fails && id.contains("before")) {
            throw new TernException(ErrorCode.UNAVAILABLE, "the disk is full");
        }
        T result = work.get();
        if (fails) {
            throw new TernException(ErrorCode.UNAVAILABLE, "the disk is full");
        }
        return result;
    }
}
