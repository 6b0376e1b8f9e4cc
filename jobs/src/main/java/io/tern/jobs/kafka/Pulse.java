package io.tern.jobs.kafka;

import io.tern.base.TernException;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows in the store that an attempt is alive, and looks each time whether it still should be. Runs on its own thread. */
final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Thread thread;

    /**
     * @param lock a worker that is silent for so long is taken for dead, half of it by those who wait for its job
     * @param look called at each beat, the first time at once
     */
    Pulse(ArtifactStore store, Job job, String identity, Duration lock, Runnable look) {
        Duration eighth = lock.dividedBy(8);
        Duration interval = eighth.compareTo(LONGEST) < 0 ? eighth : LONGEST;
        this.thread = Thread.ofVirtual().name("tern-job-pulse").start(() -> {
            for (long beat = 0; !Thread.currentThread().isInterrupted(); beat++) {
                try {
                    store.beat(job.getId(), job.getAttempt(), identity + "#" + beat);
                    look.run();
                } catch (TernException e) {
                    // The store is away for a moment; if for longer, others take us for dead, rightly.
                } catch (RuntimeException e) {
                    // Broken; the next beat may still come, and a job must not lose its worker.
                    LOG.error("a beat of job {} failed", job.getId(), e);
                }
                try {
                    Thread.sleep(interval);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    /** Who beat: the identity in a pulse. */
    static String identity(String pulse) {
        int mark = pulse.indexOf('#');
        return mark < 0 ? pulse : pulse.substring(0, mark);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
