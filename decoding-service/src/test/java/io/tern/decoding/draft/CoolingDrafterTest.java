package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoolingDrafterTest {
    private static final Draft GUESS = Draft.of(1, 2);

    private final DraftContext context = new DraftContext(new TokenSequence(new int[] {1}), 2);

    @Test
    void pausesLongerEachTimeThatNothingIsAccepted() {
        CoolingDrafter drafter = new CoolingDrafter(_ -> GUESS);
        for (int pause : new int[] {8, 16, 32, 64, 128, 128, 128}) {
            for (int i = 0; i < 3; i++) {
                assertThat(step(drafter, 9)).isEqualTo(GUESS);
            }
            for (int i = 0; i < pause; i++) {
                assertThat(step(drafter, 9)).isEqualTo(Draft.NONE);
            }
        }
    }

    @Test
    void forgetsFailuresOnceATokenIsAccepted() {
        CoolingDrafter drafter = new CoolingDrafter(_ -> GUESS);
        for (int round = 0; round < 50; round++) {
            assertThat(step(drafter, 9)).isEqualTo(GUESS);
            assertThat(step(drafter, 9)).isEqualTo(GUESS);
            assertThat(step(drafter, 1, 9)).isEqualTo(GUESS);
        }
    }

    private Draft step(CoolingDrafter drafter, int... settled) {
        Draft draft = drafter.draft(context);
        drafter.observe(draft.length() == 0 ? new Verdict(draft, 9) : new Verdict(draft, settled));
        return draft;
    }
}
