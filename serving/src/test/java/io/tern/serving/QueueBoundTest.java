package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueBoundTest {
    private long nanos;
    private final QueueBound bound = new QueueBound(Duration.ofSeconds(1), () -> nanos);

    @Test
    void letsAllThatAreConfiguredWaitUntilItHasMeasured() {
        assertThat(bound.most(2, 32)).isEqualTo(32);
    }

    /** Two at a time of 0.2 s each: ten have their turn within a second. */
    @Test
    void asManyWaitAsHaveTheirTurnInTime() {
        run(Duration.ofMillis(200));
        assertThat(bound.most(2, 32)).isEqualTo(10);
        assertThat(bound.most(2, 8)).isEqualTo(8);
    }

    @Test
    void fallsWhenRequestsBecomeSlowAndReturns() {
        run(Duration.ofMillis(100));
        assertThat(bound.most(1, 32)).isEqualTo(10);
        for (int i = 0; i < 60; i++) {
            run(Duration.ofSeconds(3));
        }
        assertThat(bound.most(1, 32))
                .as("one still, to hear when it is quicker")
                .isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            run(Duration.ofMillis(100));
        }
        assertThat(bound.most(1, 32)).isEqualTo(9); // the mean nears 0.1 s from above
    }

    @Test
    void whoeverWouldWaitTooLongIsRefused() {
        Admission admission = new Admission(1, 1, 32, bound);
        Admission.Permit slow = admission.enter(Cancellation.none());
        nanos += Duration.ofMillis(1100).toNanos();
        slow.close();
        assertThat(admission.waitingLimit()).isEqualTo(1);
        try (Admission.Permit _ = admission.enter(Cancellation.none())) {
            Cancellation impatient = new Cancellation();
            Thread waiting = Thread.ofVirtual().start(() -> waitFor(admission, impatient));
            while (admission.waiting() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> admission.enter(Cancellation.none()))
                    .isInstanceOfSatisfying(
                            TernException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
            impatient.cancel();
            assertThat(join(waiting)).isTrue();
        }
    }

    private static void waitFor(Admission admission, Cancellation cancellation) {
        try {
            admission.enter(cancellation).close();
        } catch (TernException cancelled) {
            assertThat(cancelled.code()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void run(Duration time) {
        long since = bound.now();
        nanos += time.toNanos();
        bound.ran(since);
    }
}
