package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation.Registration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlineWatchTest {
    private static final long FAR = TimeUnit.HOURS.toNanos(1);

    @Test
    void runsActionsInTheOrderOfTheirDeadlines() throws InterruptedException {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(3);
        try (DeadlineWatch watch = new DeadlineWatch()) {
            watch.after(FAR, () -> order.add("never"));
            watch.after(600_000_000, add(order, "third", all));
            watch.after(300_000_000, add(order, "second", all));
            watch.after(-1, add(order, "first", all));
            all.await();
        }
        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void forgetsWhatIsTakenBack() throws InterruptedException {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);
        try (DeadlineWatch watch = new DeadlineWatch()) {
            for (int index = 0; index < 1000; index++) {
                Registration registration = watch.after(300_000_000, () -> order.add("taken back"));
                registration.close();
                registration.close();
            }
            watch.after(400_000_000, add(order, "last", last));
            last.await();
        }
        assertThat(order).containsExactly("last");
    }

    @Test
    void wakesForAnEarlierDeadlineWhileItSleepsToALaterOne() throws InterruptedException {
        CountDownLatch early = new CountDownLatch(1);
        try (DeadlineWatch watch = new DeadlineWatch()) {
            Registration later = watch.after(FAR, () -> {});
            watch.after(1_000_000, early::countDown);
            early.await();
            CountDownLatch afterwards = new CountDownLatch(1);
            later.close();
            watch.after(1_000_000, afterwards::countDown);
            afterwards.await();
        }
    }

    @Test
    void anActionThatFailsTakesNoOtherDeadlineWithIt() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        try (DeadlineWatch watch = new DeadlineWatch()) {
            watch.after(1, () -> {
                throw new AssertionError("a broken action");
            });
            watch.after(1_000_000, next::countDown);
            next.await();
        }
    }

    private static Runnable add(List<String> order, String name, CountDownLatch done) {
        return () -> {
            order.add(name);
            done.countDown();
        };
    }
}
