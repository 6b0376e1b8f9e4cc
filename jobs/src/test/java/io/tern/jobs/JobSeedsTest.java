package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.detection.v1.DetectRequest;
import io.tern.generation.v1.GenerateRequest;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.TextsRequest;
import org.junit.jupiter.api.Test;

class JobSeedsTest {
    private static final JobRequest OPEN = JobRequest.newBuilder()
            .setGeneration(GenerateRequest.newBuilder().setPrompt("pizza"))
            .build();

    @Test
    void eachAttemptOfAJobHasTheSameSeedAndEachJobItsOwn() {
        JobRequest first = JobSeeds.settle(OPEN, "a");
        assertThat(first.getGeneration().hasSeed()).isTrue();
        assertThat(first.getGeneration().getSeed()).isNotNegative();
        assertThat(JobSeeds.settle(OPEN, "a")).isEqualTo(first);
        assertThat(JobSeeds.settle(OPEN, "b").getGeneration().getSeed())
                .isNotEqualTo(first.getGeneration().getSeed());
    }

    @Test
    void aTextWithoutASeedGetsOneAsWell() {
        JobRequest open = JobRequest.newBuilder()
                .setDecoding(io.tern.decoding.v1.GenerateRequest.newBuilder().setPrompt("once"))
                .build();
        assertThat(JobSeeds.settle(open, "a").getDecoding().hasSeed()).isTrue();
        TextsRequest texts = TextsRequest.newBuilder()
                .addPrompts(open.getDecoding())
                .addPrompts(open.getDecoding().toBuilder().setSeed(7))
                .addPrompts(open.getDecoding())
                .build();
        TextsRequest settled = JobSeeds.settle(
                        JobRequest.newBuilder().setTexts(texts).build(), "a")
                .getTexts();
        assertThat(settled.getPrompts(0).hasSeed()).isTrue();
        assertThat(settled.getPrompts(1).getSeed()).isEqualTo(7);
        assertThat(settled.getPrompts(2).getSeed())
                .isNotEqualTo(settled.getPrompts(0).getSeed());
    }

    @Test
    void aSeedThatWasGivenStays() {
        JobRequest given = OPEN.toBuilder()
                .setGeneration(OPEN.getGeneration().toBuilder().setSeed(0))
                .build();
        assertThat(JobSeeds.settle(given, "a")).isEqualTo(given);
    }

    @Test
    void aDetectionHasNoSeed() {
        JobRequest detection = JobRequest.newBuilder()
                .setDetection(DetectRequest.getDefaultInstance())
                .build();
        assertThat(JobSeeds.settle(detection, "a")).isEqualTo(detection);
    }
}
