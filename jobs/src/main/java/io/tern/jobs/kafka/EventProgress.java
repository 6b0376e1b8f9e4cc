package io.tern.jobs.kafka;

import com.google.protobuf.ByteString;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;

/** Tells the events of one attempt, until it is over. Guarded by its own lock. */
final class EventProgress implements JobProgress {
    /** Leaves room in a record for all else. */
    private static final int MAX_BYTES = 768 << 10;
    /** A finer step is not worth a record. */
    private static final double STEP = 0.005;

    private final JobPublisher publisher;
    private final String jobId;
    private final int attempt;
    private double done;
    private boolean over;

    EventProgress(JobPublisher publisher, String jobId, int attempt) {
        this.publisher = publisher;
        this.jobId = jobId;
        this.attempt = attempt;
    }

    @Override
    public synchronized void fraction(double fraction) {
        double now = Math.min(fraction, 1);
        if (!over && (now >= done + STEP || (now == 1 && done < 1))) {
            done = now;
            publisher.event(event().setProgress(now).build());
        }
    }

    @Override
    public synchronized void preview(byte[] png) {
        if (!over && png.length <= MAX_BYTES) {
            publisher.event(event().setPreview(ByteString.copyFrom(png)).build());
        }
    }

    @Override
    public synchronized void token(String text) {
        if (!over && !text.isEmpty() && text.length() <= MAX_BYTES / 3) {
            publisher.event(event().setToken(text).build());
        }
    }

    /** A sign of life on the state topic: the job as it runs. */
    synchronized void beat(Job running) {
        if (!over) {
            publisher.beat(running.toBuilder().setProgress(done).build());
        }
    }

    /** Nothing is told after this, whoever still tries. */
    synchronized void end() {
        over = true;
    }

    private JobEvent.Builder event() {
        return JobEvent.newBuilder().setJobId(jobId).setAttempt(attempt).setAt(JobPublisher.now());
    }
}
