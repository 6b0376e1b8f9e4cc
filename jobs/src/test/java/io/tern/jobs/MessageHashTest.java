package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.v1.GenerateRequest;
import org.junit.jupiter.api.Test;

class MessageHashTest {
    @Test
    void doesNotDependOnTheOrderInWhichAMapWasFilled() {
        GenerateRequest one = GenerateRequest.newBuilder()
                .putLogitBias(1, 1)
                .putLogitBias(70_000, 2)
                .build();
        GenerateRequest other = GenerateRequest.newBuilder()
                .putLogitBias(70_000, 2)
                .putLogitBias(1, 1)
                .build();
        assertThat(MessageHash.of(one)).isEqualTo(MessageHash.of(other));
        assertThat(MessageHash.of(one))
                .isNotEqualTo(MessageHash.of(one.toBuilder().setSeed(1).build()));
    }
}
