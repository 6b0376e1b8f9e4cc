package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class QuarantineTest {
    private final AtomicLong nanos = new AtomicLong(-1);
    private final Quarantine quarantine = new Quarantine(nanos::get);

    /** Four slots take one job after another, so that there is never a moment without any. */
    @Test
    void eachSuspectIsAloneEvenWhereThereIsAlwaysAnotherJob() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService slots = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> busy = new ArrayList<>();
            CountDownLatch all = new CountDownLatch(4);
            for (int i = 0; i < 4; i++) {
                busy.add(slots.submit(() -> {
                    Quarantine.Stay stay = quarantine.enter(false, () -> false).orElseThrow();
                    while (!over.get()) {
                        inside.incrementAndGet();
                        all.countDown();
                        Thread.yield();
                        inside.decrementAndGet();
                        stay.close();
                        stay = quarantine.enter(false, () -> false).orElseThrow();
                    }
                    stay.close();
                    return null;
                }));
            }
            all.await();
            List<Future<Integer>> suspects = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                suspects.add(slots.submit(() -> {
                    try (Quarantine.Stay _ = quarantine.enter(true, () -> false).orElseThrow()) {
                        return inside.get();
                    }
                }));
            }
            for (Future<Integer> suspect : suspects) {
                assertThat(suspect.get()).isZero();
            }
            over.set(true);
            for (Future<?> slot : busy) {
                slot.get();
            }
        }
    }

    @Test
    void aSuspectThatWaitsBehindALongJobHoldsTheOthersUpForTenSecondsOnly() throws Exception {
        Quarantine.Stay longJob = quarantine.enter(false, () -> false).orElseThrow();
        CountDownLatch asked = new CountDownLatch(1);
        try (ExecutorService slots = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> suspect = slots.submit(() -> quarantine.enter(true, () -> {
                asked.countDown();
                return false;
            }));
            asked.await();
            assertThat(quarantine.enter(false, () -> true)).as("closed").isEmpty();
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            quarantine.enter(false, () -> true).orElseThrow().close();
            nanos.addAndGet(Duration.ofSeconds(100).toNanos());
            assertThat(quarantine.enter(false, () -> true)).as("closed again").isEmpty();
            longJob.close();
            suspect.get();
        }
    }

    @Test
    void whoGivesUpLeavesTheDoorOpen() throws Exception {
        Quarantine.Stay job = quarantine.enter(false, () -> false).orElseThrow();
        assertThat(quarantine.enter(true, () -> true)).isEmpty();
        quarantine.enter(false, () -> true).orElseThrow().close();
        job.close();
        Quarantine.Stay alone = quarantine.enter(true, () -> true).orElseThrow();
        assertThat(quarantine.enter(false, () -> true)).isEmpty();
        alone.close();
    }
}
