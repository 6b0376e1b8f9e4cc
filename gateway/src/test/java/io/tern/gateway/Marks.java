package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Things that have happened, by name, to wait for. */
final class Marks {
    private final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    void happened(String name) {
        latch(name).countDown();
    }

    void await(String name) throws InterruptedException {
        assertThat(latch(name).await(10, TimeUnit.SECONDS)).as(name).isTrue();
    }

    /** @return whether it happened within so many milliseconds */
    boolean happensWithin(String name, long millis) throws InterruptedException {
        return latch(name).await(millis, TimeUnit.MILLISECONDS);
    }

    private CountDownLatch latch(String name) {
        return latches.computeIfAbsent(name, _ -> new CountDownLatch(1));
    }
}
