package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert;
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
                    Quarantine.Stay stay = enter();
                    while (!over.get()) {
                        inside.incrementAndGet();
                        all.countDown();
                        Thread.yield();
                        inside.decrementAndGet();
                        stay.close();
                        stay = enter();
                    }
                    stay.close();
                    return null;
                }));
            }
            all.await();
            List<Future<Integer>> suspects = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                suspects.add(slots.submit(() -> {
                    try (Quarantine.Stay _ = quarantine.enterAlone(Cancellation.none())) {
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

    private Quarantine.Stay enter() throws InterruptedException {
        while (true) {
            quarantine.awaitOpen(Cancellation.none());
            Optional<Quarantine.Stay> stay = quarantine.tryEnter();
            if (stay.isPresent()) {
                return stay.get();
            }
        }
    }

    @Test
    void aSuspectThatWaitsBehindALongJobHoldsTheOthersUpForTenSecondsOnly() throws Exception {
        Quarantine.Stay longJob = quarantine.tryEnter().orElseThrow();
        try (ExecutorService slots = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Quarantine.Stay> suspect = slots.submit(() -> quarantine.enterAlone(Cancellation.none()));
            while (quarantine.tryEnter().map(QuarantineTest::leave).isPresent()) {
                Thread.onSpinWait();
            }
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            quarantine.awaitOpen(Cancellation.none());
            quarantine.tryEnter().orElseThrow().close();
            nanos.addAndGet(Duration.ofSeconds(100).toNanos());
            assertThat(quarantine.tryEnter()).as("closed again").isEmpty();
            longJob.close();
            suspect.get();
        }
    }

    private static boolean leave(Quarantine.Stay stay) {
        stay.close();
        return true;
    }

    @Test
    void whoGivesUpLeavesTheDoorOpen() throws Exception {
        Quarantine.Stay job = quarantine.tryEnter().orElseThrow();
        assertLate(() -> quarantine.enterAlone(Cancellation.withTimeout(1)));
        quarantine.tryEnter().orElseThrow().close();
        job.close();
        Quarantine.Stay alone = quarantine.enterAlone(Cancellation.none());
        assertThat(quarantine.tryEnter()).isEmpty();
        assertLate(() -> quarantine.awaitOpen(Cancellation.withTimeout(1)));
        alone.close();
        quarantine.awaitOpen(Cancellation.withTimeout(1));
    }

    private static void assertLate(ThrowableAssert.ThrowingCallable wait) {
        assertThatThrownBy(wait)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }
}
