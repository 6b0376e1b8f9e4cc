package io.tern.decoding.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.FakeLogits;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifierTest {
    /** 1 → 2 is the likeliest path; 3 → 4 → 5 is another one, and 3 → 6. */
    private static final Draft DRAFT = Draft.of(
            TokenTree.of(new int[] {1, 2, 3, 4, 5, 6}, new int[] {TokenTree.ROOT, 0, TokenTree.ROOT, 2, 3, 2}));

    private final List<Integer> settled = new ArrayList<>();

    @Test
    void acceptsTheLikeliestPathAndOneTokenMore() {
        Verdict verdict = verify(true, 1, 2, 7, 0, 0, 0, 0);
        assertThat(tokens(verdict)).containsExactly(1, 2, 7).isEqualTo(settled);
        assertThat(verdict.accepted()).isEqualTo(2);
        assertThat(verdict.ahead()).isEmpty();
    }

    @Test
    void leavesWhatAnotherBranchGotRightToTheNextDraft() {
        Verdict verdict = verify(true, 3, 0, 0, 4, 5, 8, 0);
        assertThat(tokens(verdict)).containsExactly(3).isEqualTo(settled);
        assertThat(verdict.accepted()).isZero();
        assertThat(verdict.ahead()).containsExactly(4, 5, 8);
    }

    @Test
    void acceptsAnotherBranchAtOnceWhereBitsNeedNotBeEqual() {
        Verdict verdict = verify(false, 3, 0, 0, 4, 5, 8, 0);
        assertThat(tokens(verdict)).containsExactly(3, 4, 5, 8).isEqualTo(settled);
        assertThat(List.of(verdict.node(0), verdict.node(1), verdict.node(2))).containsExactly(2, 3, 4);
        assertThat(verdict.ahead()).isEmpty();
    }

    @Test
    void readsEachTokensLogitsBehindItsParent() {
        Verdict verdict = verify(false, 3, 0, 0, 6, 0, 0, 9);
        assertThat(tokens(verdict)).containsExactly(3, 6, 9);
        assertThat(verdict.nodeBefore(0)).isEqualTo(TokenTree.ROOT);
        assertThat(verdict.nodeBefore(2)).isEqualTo(5);
    }

    /** @param choices the likeliest token of each row: behind the text, then behind each node */
    private Verdict verify(boolean exact, int... choices) {
        float[][] rows = new float[choices.length][10];
        for (int row = 0; row < rows.length; row++) {
            rows[row][choices[row]] = 1;
        }
        Acceptance greedy = new CoupledAcceptance((logits, row, _) -> logits.argMax(row));
        return new Verifier(greedy, exact, settled::add).verify(DRAFT, new FakeLogits(rows), 0);
    }

    private static List<Integer> tokens(Verdict verdict) {
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < verdict.length(); i++) {
            tokens.add(verdict.token(i));
        }
        return tokens;
    }
}
