package io.tern.jobs.kafka;

import io.tern.jobs.v1.JobEvent;

/**
 * An event and its place.
 *
 * @param sequence grows within a job, and is the same in each gateway and after a restart; 0 for the state a job began
 *     with
 */
public record SequencedEvent(long sequence, JobEvent event) {}
