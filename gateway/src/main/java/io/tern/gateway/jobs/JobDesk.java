package io.tern.gateway.jobs;

import io.tern.jobs.JobOwner;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.StoredResult;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.util.Map;

/** Where jobs are handed in and asked for. Methods may block; errors are {@link io.tern.base.TernException}s. */
public interface JobDesk {
    Job submit(SubmitRequest request, JobOwner owner);

    Job get(String id);

    /** Those of an owner. */
    JobPage list(ListJobsRequest request, JobOwner owner);

    /** @param afterSequence 0: from the beginning */
    Watch watch(String id, long afterSequence, JobListener listener);

    Job cancel(String id);

    void delete(String id);

    StoredResult result(String id);

    Map<JobState, Integer> counts();

    /** Ends a watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
