package io.tern.gateway.jobs;

import io.tern.jobs.JobOwner;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.JobsSettings;
import io.tern.jobs.kafka.KafkaJobs;
import io.tern.jobs.kafka.StoredResult;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.nio.file.Path;
import java.util.Map;

/** Jobs over Kafka. */
public record KafkaJobDesk(KafkaJobs jobs) implements JobDesk, AutoCloseable {
    /** @param artifacts folder of inputs and results, the same as the workers' */
    public static KafkaJobDesk open(String bootstrapServers, Path artifacts, WebhookSender webhooks) {
        return new KafkaJobDesk(
                new KafkaJobs(bootstrapServers, FileArtifactStore.open(artifacts), JobsSettings.standard(), webhooks));
    }

    @Override
    public Job submit(SubmitRequest request, JobOwner owner) {
        return jobs.submit(request, owner);
    }

    @Override
    public Job get(String id) {
        return jobs.get(id);
    }

    @Override
    public JobPage list(ListJobsRequest request, JobOwner owner) {
        return jobs.list(request, owner);
    }

    @Override
    public Watch watch(String id, long afterSequence, JobListener listener) {
        return jobs.watch(id, afterSequence, listener)::close;
    }

    @Override
    public Job cancel(String id) {
        return jobs.cancel(id);
    }

    @Override
    public void delete(String id) {
        jobs.delete(id);
    }

    @Override
    public StoredResult result(String id) {
        return jobs.result(id);
    }

    @Override
    public Map<JobState, Integer> counts() {
        return jobs.counts();
    }

    @Override
    public void close() {
        jobs.close();
    }
}
