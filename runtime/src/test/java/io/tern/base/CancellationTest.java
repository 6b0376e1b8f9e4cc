package io.tern.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void runsEachCallbackOnceAndAtOnceWhenItComesLate() {
        Cancellation cancellation = new Cancellation();
        cancellation.onCancel(calls::incrementAndGet);
        cancellation.cancel();
        cancellation.cancel();
        assertThat(calls).hasValue(1);
        cancellation.onCancel(calls::incrementAndGet);
        assertThat(calls).hasValue(2);
    }

    @Test
    void forgetsOneRegistrationAndKeepsAnotherOfTheSameAction() {
        Cancellation cancellation = new Cancellation();
        Runnable action = calls::incrementAndGet;
        Cancellation.Registration first = cancellation.onCancel(action);
        cancellation.onCancel(action);
        first.close();
        first.close();
        cancellation.cancel();
        assertThat(calls).hasValue(1);
    }

    @Test
    void saysWhyTheWorkIsToEnd() {
        Cancellation cancelled = new Cancellation();
        assertThatCode(cancelled::throwIfCancelled).doesNotThrowAnyException();
        cancelled.cancel();
        assertThatThrownBy(cancelled::throwIfCancelled)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThatThrownBy(Cancellation.withTimeout(-1)::throwIfCancelled)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    @Test
    void aPartHasATimeOfItsOwnAndEndsWithTheWhole() {
        Cancellation whole = new Cancellation();
        assertThatThrownBy(() -> whole.within(-1, part -> {
                    part.throwIfCancelled();
                    return null;
                }))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertThatCode(whole::throwIfCancelled).as("goes on").doesNotThrowAnyException();
        assertThat(whole.<Long>within(Long.MAX_VALUE, Cancellation::remainingNanos))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Cancellation.withTimeout(-1).<Boolean>within(Long.MAX_VALUE - 1, Cancellation::isCancelled))
                .as("the whole's time is over")
                .isTrue();
        assertThat(whole.<Boolean>within(1L << 62, Cancellation::isCancelled)).isFalse();
        assertThatThrownBy(() -> whole.within(1L << 62, part -> {
                    part.onCancel(calls::incrementAndGet);
                    whole.cancel(new TernException(ErrorCode.UNAVAILABLE, "going down"));
                    part.throwIfCancelled();
                    return null;
                }))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(calls).hasValue(1);
    }

    @Test
    void knowsTheTimeLeft() {
        assertThat(Cancellation.none().remainingNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(Cancellation.withTimeout(1_000_000_000_000L).remainingNanos())
                .isBetween(1L, 1_000_000_000_000L);
        assertThat(Cancellation.withTimeout(-1).remainingNanos()).isNegative();
    }
}
