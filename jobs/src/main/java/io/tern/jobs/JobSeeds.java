package io.tern.jobs;

import io.tern.base.Seeds;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.TextsRequest;

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
                request.toBuilder()
                        .setDecoding(seeded(request.getDecoding(), jobId))
                        .build();
            case TEXTS -> {
                TextsRequest.Builder texts = request.getTexts().toBuilder();
                for (int i = 0; i < texts.getPromptsCount(); i++) {
                    texts.setPrompts(i, seeded(texts.getPrompts(i), i == 0 ? jobId : jobId + "/" + i));
                }
                yield request.toBuilder().setTexts(texts).build();
            }
            case DETECTION, REQUEST_NOT_SET -> request;
        };
    }

    private static GenerateRequest seeded(GenerateRequest request, String name) {
        return request.hasSeed()
                ? request
                : request.toBuilder().setSeed(Seeds.of(name)).build();
    }
}
