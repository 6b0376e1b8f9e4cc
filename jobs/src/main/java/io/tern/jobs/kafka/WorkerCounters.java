package io.tern.jobs.kafka;

import io.tern.jobs.v1.JobState;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What a worker has counted since it started. */
public final class WorkerCounters {
    /** Records taken from the jobs topic, of any type and as often as they came. */
    final LongAdder deliveries = new LongAdder();

    /** Those that were jobs of the worker's type. */
    final LongAdder ofItsType = new LongAdder();

    final LongAdder begun = new LongAdder();
    final LongAdder succeeded = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder expired = new LongAdder();

    /** Attempts that failed and will be followed by another. */
    final LongAdder retried = new LongAdder();

    /** Attempts whose result was refused because the job had ended or a later attempt had begun. */
    final LongAdder stale = new LongAdder();

    final LongAdder renewals = new LongAdder();

    /** Locks that ran out while their job was running. */
    final LongAdder lostLocks = new LongAdder();

    final LongAdder deadLetters = new LongAdder();

    void ended(JobState state) {
        switch (state) {
            case SUCCEEDED -> succeeded.increment();
            case FAILED -> failed.increment();
            case CANCELLED -> cancelled.increment();
            case EXPIRED -> expired.increment();
            case QUEUED, RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("state: " + state + " (expected: a terminal one)");
        }
    }

    /** By name, for metrics. */
    public Map<String, Long> values() {
        Map<String, Long> values = new TreeMap<>();
        values.put("deliveries", deliveries.sum());
        values.put("of_its_type", ofItsType.sum());
        values.put("begun", begun.sum());
        values.put("succeeded", succeeded.sum());
        values.put("failed", failed.sum());
        values.put("cancelled", cancelled.sum());
        values.put("expired", expired.sum());
        values.put("retried", retried.sum());
        values.put("stale", stale.sum());
        values.put("renewals", renewals.sum());
        values.put("lost_locks", lostLocks.sum());
        values.put("dead_letters", deadLetters.sum());
        return values;
    }
}
