package io.tern.jobs;

import io.tern.jobs.v1.JobRequest;

/**
 * Gives a request that leaves its seed open one that follows from the job's id. So each attempt makes the same result,
 * and what was shown of an attempt that died stays true.
 */
public final class JobSeeds {
    private static final int HEX_DIGITS = 15; // 60 bits, which no sign can reach

    private JobSeeds() {}

    public static JobRequest settle(JobRequest request, String jobId) {
        return switch (request.getRequestCase()) {
            case GENERATION ->
                request.getGeneration().hasSeed()
                        ? request
                        : request.toBuilder()
                                .setGeneration(
                                        request.getGeneration().toBuilder().setSeed(seed(jobId)))
                                .build();
            case DECODING ->
                request.getDecoding().hasSeed()
                        ? request
                        : request.toBuilder()
                                .setDecoding(request.getDecoding().toBuilder().setSeed(seed(jobId)))
                                .build();
            case DETECTION, REQUEST_NOT_SET -> request;
        };
    }

    private static long seed(String jobId) {
        return Long.parseLong(Sha256.of(jobId).substring(0, HEX_DIGITS), 16);
    }
}
