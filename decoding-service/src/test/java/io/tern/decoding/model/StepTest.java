package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.tree.TokenTree;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTest {
    private static final TokenTree FORK = TokenTree.of(new int[] {4, 5, 6}, new int[] {-1, 0, 0});

    @Test
    void cutsALongChainAndGivesEachRowOnce() {
        List<Step> steps = Step.of(TokenTree.chain(new int[20]), 3, 10, 8, 1);
        assertThat(steps).extracting(Step::begin).containsExactly(0, 8, 16);
        assertThat(steps).extracting(Step::tokens).containsExactly(8, 8, 4);
        assertThat(steps).extracting(Step::rows).containsExactly(0, 6, 4);
        assertThat(steps).extracting(Step::rowsBefore).containsExactly(0, 0, 6);
        assertThat(steps).extracting(Step::total).containsExactly(3 + 9, 3 + 17, 3 + 21);
    }

    @Test
    void runsATreeAtOnceUnlessNothingIsBeforeIt() {
        assertThat(Step.of(FORK, 1, 3, 8, 1)).containsExactly(new Step(FORK, 1, 0, 3, 3, 1));
        assertThat(Step.of(FORK, 0, 3, 8, 1))
                .containsExactly(new Step(FORK, 0, 0, 2, 3, 1), new Step(FORK, 0, 2, 1, 3, 1));
    }

    @Test
    void repeatsTheLastNodeForPadding() {
        Step step = new Step(FORK, 7, 0, 3, 1, 5);
        assertThat(step.paddedTokens()).isEqualTo(5);
        assertThat(step.paddedRows()).isEqualTo(5);
        assertThat(step.attendedRows()).isEqualTo(6);
        assertThat(step.node(5)).isEqualTo(2);
        assertThat(step.position(0)).isEqualTo(7);
        assertThat(step.position(5)).isEqualTo(8);
        assertThat(new Step(FORK, 7, 0, 3, 0, 5).paddedRows()).isZero();
    }
}
