package io.tern.jobs.artifact;

import io.tern.jobs.JobLog;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;

/**
 * Shared by the gateway and all workers. What a method has returned from survives the death of the process and of the
 * machine. Every method can throw a {@link io.tern.base.TernException} UNAVAILABLE (the store cannot be reached or is
 * full), and INVALID_ARGUMENT if the id is no name of a job.
 */
public interface ArtifactStore {
    /** Keeps a request too large for Kafka; the first one stays. */
    void putInput(String id, JobRequest request);

    /** @throws io.tern.base.TernException NOT_FOUND */
    JobRequest input(String id);

    /** @throws io.tern.base.TernException NOT_FOUND */
    long inputBytes(String id);

    /** What has become of a job; empty where nobody has begun it yet. */
    JobLog log(String id);

    /**
     * Adds an entry to the job's log: the one point at which attempts are claimed and jobs end.
     *
     * @param position from {@link JobLog#nextPosition}
     * @return false if another entry has that position
     */
    boolean append(String id, int position, Job entry);

    /** Says that who claimed an attempt is alive; it need not survive a crash. */
    void beat(String id, int attempt, String pulse);

    /** The last beat of an attempt; empty if there was none. */
    String pulse(String id, int attempt);

    /** Nobody reads it before the log says that this attempt succeeded. */
    void putResult(String id, int attempt, byte[] bytes);

    /**
     * The caller closes it.
     *
     * @throws io.tern.base.TernException NOT_FOUND
     */
    InputStream result(String id, int attempt);

    /** Forgets what running a job that has ended left behind: all but the result of this attempt; 0 for no result. */
    void tidy(String id, int attempt);

    /** What was done about the job's webhook. */
    WebhookCalls webhook(String id);

    /** @return false if somebody else has begun this attempt, 1 or more, or the job was erased */
    boolean beginWebhook(String id, int attempt, Instant at);

    /** There will be no further attempt. */
    void settleWebhook(String id);

    /**
     * The first record under a key wins for so long.
     *
     * @param keyHash 64 lower-case hexadecimal digits: the key itself may be a secret
     * @return the record that holds the key now: this one, or the one that was first
     */
    KeyRecord reserve(String keyHash, KeyRecord record, Duration validFor);

    /** Forgets all of a job that has ended but the fact that it was there, so that it cannot begin again. Idempotent. */
    void erase(String id);

    /**
     * Forgets the traces of jobs erased, the keys used and the inputs of jobs that never began before then, and what
     * writers that died left behind.
     */
    void sweep(Instant before);
}
