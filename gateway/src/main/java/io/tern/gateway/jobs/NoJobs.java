package io.tern.gateway.jobs;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.StoredResult;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.util.Map;

/** The desk of a gateway that was given no Kafka: it says so. */
public final class NoJobs implements JobDesk {
    @Override
    public Job submit(SubmitRequest request, JobOwner owner) {
        throw none();
    }

    @Override
    public Job get(String id) {
        throw none();
    }

    @Override
    public JobPage list(ListJobsRequest request, JobOwner owner) {
        throw none();
    }

    @Override
    public Watch watch(String id, long afterSequence, JobListener listener) {
        throw none();
    }

    @Override
    public Job cancel(String id) {
        throw none();
    }

    @Override
    public void delete(String id) {
        throw none();
    }

    @Override
    public StoredResult result(String id) {
        throw none();
    }

    @Override
    public Map<JobState, Integer> counts() {
        return Map.of();
    }

    private static TernException none() {
        return new TernException(ErrorCode.UNAVAILABLE, "jobs: this server was started without Kafka");
    }
}
