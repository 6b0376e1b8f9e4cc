package io.tern.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthWatchTest {
    private static final Duration SOON = Duration.ofMillis(1);

    @Test
    void aProbeAndAListenerThatFailEndNothing() throws InterruptedException {
        AtomicInteger questions = new AtomicInteger();
        CountDownLatch up = new CountDownLatch(1);
        Probe probe = new Probe() {
            @Override
            public String name() {
                return "detection";
            }

            @Override
            public Answer ask() {
                if (questions.incrementAndGet() < 3) {
                    throw new IllegalStateException("a broken probe");
                }
                return Answer.UP;
            }
        };
        try (HealthWatch watch = new HealthWatch(SOON, SOON)) {
            watch.listen(health -> {
                if (health.up().containsKey("detection")) {
                    throw new IllegalStateException("a broken listener");
                }
            });
            watch.listen(health -> {
                if (health.up().getOrDefault("detection", false)) {
                    up.countDown();
                }
            });
            watch.start(List.of(probe));
            up.await();
            assertThat(watch.health().isReady()).isTrue();
        }
    }
}
