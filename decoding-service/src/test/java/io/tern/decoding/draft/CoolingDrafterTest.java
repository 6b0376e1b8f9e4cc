package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoolingDrafterTest {
    private static final Draft GUESS = Draft.of(1, 2);

    private final DraftContext context = DraftContext.chain(new TokenSequence(new int[] {1}), 2);

    @Test
    void pausesLongerEachTimeThatNothingIsAccepted() {
        CoolingDrafter drafter = new CoolingDrafter(_ -> GUESS);
        for (int pause : new int[] {8, 16, 32, 64, 128, 128, 128}) {
            for (int i = 0; i < 3; i++) {
                assertThat(step(drafter, 0)).isEqualTo(GUESS);
            }
            for (int i = 0; i < pause; i++) {
                assertThat(step(drafter, 0)).isEqualTo(Draft.NONE);
            }
        }
    }

    @Test
    void forgetsFailuresOnceATokenIsAccepted() {
        CoolingDrafter drafter = new CoolingDrafter(_ -> GUESS);
        for (int round = 0; round < 50; round++) {
            assertThat(step(drafter, 0)).isEqualTo(GUESS);
            assertThat(step(drafter, 0)).isEqualTo(GUESS);
            assertThat(step(drafter, 1)).isEqualTo(GUESS);
        }
    }

    /** @param accepted how many of the drafted tokens stand */
    private Draft step(CoolingDrafter drafter, int accepted) {
        Draft draft = drafter.draft(context);
        drafter.observe(new Verdict(
                draft, IntStream.range(0, draft.size() == 0 ? 0 : accepted).toArray(), 9));
        return draft;
    }
}
