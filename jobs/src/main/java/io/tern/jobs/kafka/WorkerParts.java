package io.tern.jobs.kafka;

import io.tern.jobs.JobHandler;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.ArtifactStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the slots of a worker share.
 *
 * @param running runs whose attempt is claimed, by job id
 */
record WorkerParts(
        JobType type,
        ArtifactStore store,
        JobHandler handler,
        WorkerSettings settings,
        JobPublisher publisher,
        WorkerCounters counters,
        WorkerIdentity identity,
        Quarantine quarantine,
        Map<String, JobRun> running,
        StepProbe probe) {
    WorkerParts(
            JobType type,
            ArtifactStore store,
            JobHandler handler,
            WorkerSettings settings,
            JobPublisher publisher,
            StepProbe probe) {
        this(
                type,
                store,
                handler,
                settings,
                publisher,
                new WorkerCounters(),
                WorkerIdentity.here(),
                new Quarantine(),
                new ConcurrentHashMap<>(),
                probe);
    }
}
