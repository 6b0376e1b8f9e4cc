package io.tern.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.jobs.JobDesk;
import io.tern.jobs.JobId;
import io.tern.jobs.JobOwner;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.SequencedEvent;
import io.tern.jobs.kafka.StoredResult;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs in memory. Ids are j1, j2, ...; a job runs until it is finished by the test or cancelled. A watch tells three
 * events after the first state, then waits for the end.
 */
final class FakeJobs implements JobDesk {
    static final byte[] RESULT = {1, 2, 3};

    final Marks marks = new Marks();
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, SubmitRequest> keys = new LinkedHashMap<>();
    private final Map<String, String> ids = new LinkedHashMap<>();

    @Override
    public synchronized Job submit(SubmitRequest request, JobOwner owner) {
        TernException.require(
                request.getTimeoutSeconds() >= 0, "timeout_seconds", request.getTimeoutSeconds(), "1..604800");
        String key = owner.scoped(request.getIdempotencyKey());
        if (!request.getIdempotencyKey().isEmpty() && keys.containsKey(key)) {
            if (!keys.get(key).equals(request)) {
                throw new TernException(ErrorCode.IDEMPOTENCY_CONFLICT, "idempotency_key: used with another request");
            }
            return jobs.get(ids.get(key));
        }
        Job job = Job.newBuilder()
                .setId("j" + (jobs.size() + 1) + owner.mark())
                .setType("generation")
                .setState(JobState.RUNNING)
                .setPriority(request.getPriority())
                .setCreatedAt(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .build();
        jobs.put(job.getId(), job);
        keys.put(key, request);
        ids.put(key, job.getId());
        return job;
    }

    @Override
    public synchronized Job get(String id) {
        Job job = jobs.get(JobId.require(id));
        if (job == null) {
            throw new TernException(ErrorCode.NOT_FOUND, "id: " + id + " (expected: a job)", "id", null);
        }
        return job;
    }

    @Override
    public synchronized JobPage list(ListJobsRequest request, JobOwner owner) {
        List<Job> found = new ArrayList<>(jobs.values())
                .reversed().stream()
                        .filter(job -> owner.owns(job.getId()))
                        .filter(job -> request.getState() == JobState.JOB_STATE_UNSPECIFIED
                                || job.getState() == request.getState())
                        .limit(request.hasLimit() ? request.getLimit() : 20)
                        .toList();
        return new JobPage(found, found.size() < jobs.size());
    }

    @Override
    public Watch watch(String id, long afterSequence, JobListener listener) {
        Job job = get(id);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                List<JobEvent> events = List.of(
                        event(job)
                                .setState(job.toBuilder().setState(JobState.QUEUED))
                                .build(),
                        event(job).setProgress(0.5).build(),
                        event(job).setPreview(ByteString.copyFromUtf8("pre")).build(),
                        event(job).setToken("Hi").build());
                for (int i = 0; i < events.size(); i++) {
                    if (i > afterSequence || i == 0 && afterSequence == 0) {
                        listener.event(new SequencedEvent(i, events.get(i)));
                    }
                }
                marks.await("ended " + id);
                Job end = get(id);
                listener.event(new SequencedEvent(4, event(end).setState(end).build()));
                listener.ended();
            } catch (InterruptedException | AssertionError e) {
                marks.happened("left " + id);
            } catch (TernException erased) {
                listener.ended();
            }
        });
        return thread::interrupt;
    }

    @Override
    public synchronized Job cancel(String id) {
        Job job = get(id);
        return job.getState() == JobState.RUNNING
                ? end(job.toBuilder().setState(JobState.CANCELLED).build())
                : job;
    }

    @Override
    public synchronized void delete(String id) {
        get(id);
        jobs.remove(id);
        marks.happened("ended " + id);
    }

    @Override
    public StoredResult result(String id) {
        return new StoredResult("image/png", RESULT.length, "ab", new ByteArrayInputStream(RESULT));
    }

    @Override
    public synchronized Map<JobState, Integer> counts() {
        return Map.of(JobState.RUNNING, jobs.size());
    }

    synchronized void succeed(String id) {
        end(get(id).toBuilder()
                .setState(JobState.SUCCEEDED)
                .setProgress(1)
                .setResult(JobResult.newBuilder()
                        .setContentType("image/png")
                        .setSizeBytes(RESULT.length)
                        .setSha256("ab"))
                .build());
    }

    private Job end(Job job) {
        jobs.put(job.getId(), job);
        marks.happened("ended " + job.getId());
        return job;
    }

    private static JobEvent.Builder event(Job job) {
        return JobEvent.newBuilder().setJobId(job.getId()).setAttempt(1);
    }
}
