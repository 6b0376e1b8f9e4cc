/**
 * Work that outlives its request, as pure values and functions. Start at {@link io.tern.jobs.JobTransitions} (what may
 * become of a job) and {@link io.tern.jobs.JobLog} (what has become of it); a service brings a
 * {@link io.tern.jobs.JobHandler}. Kafka is in {@code io.tern.jobs.kafka}, files are in {@code io.tern.jobs.artifact}.
 */
@NullMarked
package io.tern.jobs;

import org.jspecify.annotations.NullMarked;
