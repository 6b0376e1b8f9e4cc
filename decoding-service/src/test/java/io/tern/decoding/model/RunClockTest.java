package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunClockTest {
    /** A token takes 15 ms, 32 take 171 ms. */
    private static final StepCosts COSTS = StepCosts.UNMEASURED;
    /** A token takes half a second. */
    private static final StepCosts SLOW = new StepCosts(List.of(1, 2), List.of(1.0, 2.0), 5e8);

    private final RunClock clock = new RunClock();

    @Test
    void aRunThatStaysHangs() {
        clock.begin(1);
        assertThat(ticksUntilItHangs(COSTS, 100)).isEqualTo(11); // 5 seconds
    }

    @Test
    void aRunThatTakesLongByItsNatureGetsItsTime() {
        clock.begin(1);
        assertThat(ticksUntilItHangs(SLOW, 100)).isEqualTo(52); // 25 seconds
    }

    @Test
    void runsThatComeAndGoDoNot() {
        for (int run = 0; run < 100; run++) {
            clock.begin(1);
            assertThat(clock.hangs(COSTS)).isFalse();
            clock.end();
        }
    }

    @Test
    void nothingHangsWhileNothingRuns() {
        clock.begin(1);
        clock.end();
        assertThat(ticksUntilItHangs(COSTS, 100)).isEqualTo(100);
    }

    @Test
    void whatWasNotMeasuredMayTakeAsLongAsItLikes() {
        clock.begin(1);
        assertThat(ticksUntilItHangs(null, 100)).isEqualTo(100);
    }

    private int ticksUntilItHangs(StepCosts costs, int most) {
        int ticks = 1;
        while (ticks < most && !clock.hangs(costs)) {
            ticks++;
        }
        return ticks;
    }
}
