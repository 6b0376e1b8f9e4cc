package io.tern.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration BRIEF = Duration.ofSeconds(1);

    @Test
    void doublesUpToTenSeconds() {
        BackOff backOff = new BackOff();

        List<Long> pauses = Stream.generate(() -> backOff.after(BRIEF))
                .limit(8)
                .map(Duration::toMillis)
                .toList();

        assertThat(pauses).containsExactly(200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L);
    }

    @Test
    void beginsAnewAfterALongLife() {
        BackOff backOff = new BackOff();
        var _ = backOff.after(BRIEF);
        var _ = backOff.after(BRIEF);

        assertThat(backOff.after(BackOff.FORGIVEN_AFTER)).isEqualTo(BackOff.FIRST);
        assertThat(backOff.after(BRIEF)).isEqualTo(BackOff.FIRST.multipliedBy(2));
    }
}
