package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NgramDrafterTest {
    @Test
    void draftsWhatFollowedTheMostRecentOccurrence() {
        // the=1 cat=2 sat=3 .=4
        assertThat(draft(3, 1, 2, 3, 4, 1, 2)).isEqualTo(Draft.of(3, 4, 1));
        assertThat(draft(2, 1, 2, 3, 1, 2, 4, 1, 2)).isEqualTo(Draft.of(4, 1));
        assertThat(draft(1, 9, 1, 2, 3, 7, 1, 2, 4, 9, 1, 2))
                .isEqualTo(Draft.of(3)); // three tokens match before two do
    }

    @Test
    void goesOnWithARepetition() {
        assertThat(draft(5, 8, 1, 2, 1, 2)).isEqualTo(Draft.of(1, 2, 1, 2, 1));
        assertThat(draft(4, 7, 7, 7)).isEqualTo(Draft.of(7, 7, 7, 7));
    }

    @Test
    void draftsNothingFromNewText() {
        assertThat(draft(3, 1, 2, 3, 4, 5)).isEqualTo(Draft.NONE);
        assertThat(draft(3, 1)).isEqualTo(Draft.NONE);
        assertThat(draft(3, 1, 1)).isEqualTo(Draft.NONE);
        assertThat(draft(3, 5, 1, 6, 1)).isEqualTo(Draft.NONE); // one token alone is no match
    }

    @Test
    void tellsHowMuchBeforeTheCopyIsTheSame() {
        assertThat(draft(2, 9, 1, 2, 3, 4, 8, 1, 2, 3).matched()).isEqualTo(3);
        assertThat(draft(2, 1, 2, 5, 9, 1, 2).matched()).isEqualTo(2);
        assertThat(draft(2, 7, 7, 7).matched()).isEqualTo(2); // at the beginning of the text
    }

    @Test
    void draftsAsANaiveSearchDoesWhileTheTextGrows() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int alphabet = 2 + random.nextInt(6);
            TokenSequence tokens = new TokenSequence(
                    random.ints(random.nextInt(1, 20), 0, alphabet).toArray());
            NgramDrafter drafter = new NgramDrafter();
            for (int step = 0; step < 60; step++) {
                int maxDraft = 1 + random.nextInt(6);
                assertThat(drafter.draft(DraftContext.chain(tokens, maxDraft)))
                        .as("seed %s, step %s", seed, step)
                        .isEqualTo(naive(tokens, maxDraft));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    tokens.add(random.nextInt(alphabet));
                }
            }
        }
    }

    private static Draft naive(TokenSequence tokens, int maxDraft) {
        int end = tokens.length();
        for (int length = 3; length >= 2; length--) {
            for (int at = end - 1; at >= length && end > length; at--) {
                if (java.util.Arrays.equals(tokens.slice(at - length, at), tokens.slice(end - length, end))) {
                    TokenSequence grown = new TokenSequence(tokens.slice(0, end));
                    for (int i = 0; i < maxDraft; i++) {
                        grown.add(grown.get(at + i));
                    }
                    return Draft.of(grown.slice(end, end + maxDraft));
                }
            }
        }
        return Draft.NONE;
    }

    private static Draft draft(int maxDraft, int... tokens) {
        return new NgramDrafter().draft(DraftContext.chain(new TokenSequence(tokens), maxDraft));
    }
}
