package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.v1.GenerateRequest;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void knowsTheHashOfTheEmptyText() {
        assertThat(Sha256.of("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

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
        assertThat(Sha256.of(one)).isEqualTo(Sha256.of(other));
        assertThat(Sha256.of(one))
                .isNotEqualTo(Sha256.of(one.toBuilder().setSeed(1).build()));
    }
}
