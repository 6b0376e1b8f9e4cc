package io.tern.jobs;

import io.tern.base.Seeds;
import io.tern.jobs.v1.JobRequest;

/**
 * Gives a request that leaves its seed open one that follows from the job's id. So each attempt makes the same result,
 * and what was shown of an attempt that died stays true.
 */
public final class JobSeeds {
    private JobSeeds() {}

    public static JobRequest settle(JobRequest request, String jobId) {
        return switch (request.getRequestCase()) {
            case GENERATION ->
                request.getGeneration().hasSeed()
                        ? request
                        : request.toBuilder()
                                .setGeneration(
                                        request.getGeneration().toBuilder().setSeed(Seeds.of(jobId)))
                                .build();
            case DECODING ->
                request.getDecoding().hasSeed()
                        ? request
                        : request.toBuilder()
                                .setDecoding(request.getDecoding().toBuilder().setSeed(Seeds.of(jobId)))
                                .build();
            case DETECTION, REQUEST_NOT_SET -> request;
        };
    }
}
