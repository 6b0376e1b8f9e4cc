package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectResponse;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.JobRequest;
import io.tern.wire.DetectionsJson;
import java.nio.charset.StandardCharsets;

/**
 * Detects in jobs; the result is the JSON of the synchronous route. Jobs are not admitted like requests: the worker's
 * slots bound them, and the rest waits in Kafka.
 */
final class DetectionJobHandler implements JobHandler {
    private final DetectionModels models;
    private final OnnxNetworks networks;

    DetectionJobHandler(DetectionModels models, OnnxNetworks networks) {
        this.models = models;
        this.networks = networks;
    }

    @Override
    public JobOutput handle(JobRequest job, JobProgress progress, Cancellation cancellation) {
        try (ResolvedRequest resolved = models.resolve(job.getDetection())) {
            DetectResponse response =
                    resolved.run(networks, Priority.BATCH, System.nanoTime(), progress::fraction, cancellation);
            byte[] json = DetectionsJson.answer(response).toString().getBytes(StandardCharsets.UTF_8);
            return new JobOutput("application/json", json);
        }
    }
}
