/** {@code /v1/jobs} and {@code tern.jobs.v1.JobService}, both over the same facade of the jobs module. */
@NullMarked
package io.tern.gateway.jobs;

import org.jspecify.annotations.NullMarked;
