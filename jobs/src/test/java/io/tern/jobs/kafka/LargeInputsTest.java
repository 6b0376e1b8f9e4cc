package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LargeInputsTest {
    private static final long MEGABYTE = 1 << 20;

    private final LargeInputs inputs = new LargeInputs();

    @Test
    void severalThatFitAreThereTogether() {
        for (int i = 0; i < 4; i++) {
            enter(Priority.LIVE, 8 * MEGABYTE);
        }
        assertRefused(Priority.LIVE, 1);
    }

    @Test
    void oneThatIsTooLargeIsAloneAmongItsPriority() throws Exception {
        LargeInputs.Place small = enter(Priority.BATCH, 1);
        CountDownLatch entered = new CountDownLatch(1);
        Thread large = Thread.ofVirtual().start(() -> {
            LargeInputs.Place place = enter(Priority.BATCH, 64 * MEGABYTE);
            entered.countDown();
            place.close();
        });
        while (large.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        enter(Priority.LIVE, 64 * MEGABYTE).close();
        assertRefused(Priority.BATCH, 1); // or small ones would pass it for ever
        assertThat(entered.getCount()).isEqualTo(1);
        small.close();
        large.join();
        enter(Priority.BATCH, 64 * MEGABYTE);
        enter(Priority.LIVE, 64 * MEGABYTE);
        assertRefused(Priority.LIVE, 1);
    }

    private LargeInputs.Place enter(Priority priority, long bytes) {
        return inputs.enter(priority, bytes, Cancellation.none());
    }

    private void assertRefused(Priority priority, long bytes) {
        assertThatThrownBy(() -> inputs.enter(priority, bytes, Cancellation.withTimeout(1)))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }
}
