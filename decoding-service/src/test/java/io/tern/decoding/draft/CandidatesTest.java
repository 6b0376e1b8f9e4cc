package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    @Test
    void theLikeliestComeFirstAndOfEqualOnesTheSmallestId() {
        Candidates candidates = Candidates.of(new float[] {0, 2, 1, 2});
        assertThat(candidates.tokens()).containsExactly(1, 3, 2, 0);
        assertThat(candidates.logProbabilities()[0]).isEqualTo(candidates.logProbabilities()[1]);
    }

    /** A broken drafter costs its text nothing but speed. */
    @Test
    void nothingIsProposedFromLogitsThatAreNoNumbers() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int place = 0; place < 3; place++) {
                float[] logits = {1, 2, 3};
                logits[place] = bad;
                DraftContext chain = DraftContext.chain(new TokenSequence(new int[] {1}), 3);
                assertThat(TreeGrower.grow(chain, (_, _) -> List.of(Candidates.of(logits)))
                                .size())
                        .isZero();
                DraftContext drawn = new DraftContext(chain.tokens(), 3, 9, true, new DrawnTokens(0.7, 5));
                assertThat(TreeGrower.grow(drawn, (_, _) -> List.of(Candidates.of(logits)))
                                .size())
                        .isZero();
            }
        }
    }
}
