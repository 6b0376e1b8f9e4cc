/**
 * What must not be lost when Kafka or a worker is: inputs, results, and the log of each job, in which conditional
 * creation of an entry decides everything that may be decided once. Start at
 * {@link io.tern.jobs.artifact.ArtifactStore}.
 */
@NullMarked
package io.tern.jobs.artifact;

import org.jspecify.annotations.NullMarked;
