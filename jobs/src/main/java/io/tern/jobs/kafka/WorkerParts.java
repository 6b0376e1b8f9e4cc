package io.tern.jobs.kafka;

import io.tern.jobs.JobHandler;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.ArtifactStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the slots of a worker share.
 *
 * @param running attempts that were claimed, by job id
 */
record WorkerParts(
        JobType type,
        ArtifactStore store,
        JobRoom room,
        JobHandler handler,
        WorkerSettings settings,
        JobPublisher publisher,
        JobTeller teller,
        WorkerCounters counters,
        WorkerIdentity identity,
        Quarantine quarantine,
        LargeInputs inputs,
        Map<String, JobAttempt> running,
        StepProbe probe) {
    WorkerParts(
            JobType type,
            ArtifactStore store,
            JobRoom room,
            JobHandler handler,
            WorkerSettings settings,
            JobPublisher publisher,
            StepProbe probe) {
        this(
                type,
                store,
                room,
                handler,
                settings,
                publisher,
                new JobTeller(store, publisher, probe),
                new WorkerCounters(),
                WorkerIdentity.here(),
                new Quarantine(),
                new LargeInputs(),
                new ConcurrentHashMap<>(),
                probe);
    }
}
