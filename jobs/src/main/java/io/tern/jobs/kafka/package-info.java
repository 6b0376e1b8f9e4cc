/**
 * Jobs over Kafka, with plain clients and bytes. Start at {@link io.tern.jobs.kafka.KafkaJobs} (who submits, watches and
 * cancels) and {@link io.tern.jobs.kafka.KafkaJobWorker} (who does the work). Kafka delivers a job at least once (share
 * groups, KIP-932); that it ends exactly once is decided by its log in the {@link io.tern.jobs.artifact.ArtifactStore}.
 *
 * <pre>
 * tern.jobs.v1          JobSubmission  what is to be done; each type's share group reads all of it
 * tern.job-state.v1     Job            compacted: the last state of each job since it was begun, and a heartbeat
 * tern.job-events.v1    JobEvent       states, progress, previews and tokens, in order for each job
 * tern.dead-letters.v1  bytes          what could not be read, or took its workers down
 * </pre>
 */
@NullMarked
package io.tern.jobs.kafka;

import org.jspecify.annotations.NullMarked;
