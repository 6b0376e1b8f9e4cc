package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.decoding.tree.TokenTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ForwardTest {
    private static final TokenTree FORK = TokenTree.of(new int[] {4, 5, 6}, new int[] {-1, 0, 0});

    private static TinyModel tiny;

    @BeforeAll
    static void load() throws IOException {
        tiny = TinyModel.load();
    }

    @AfterAll
    static void close() throws IOException {
        tiny.close();
    }

    @Test
    void cutsALongChainAndGivesEachRowOnce() {
        List<Step> steps = steps(3, TokenTree.chain(new int[20]), 10, 8, 1);
        assertThat(steps).extracting(Step::begin).containsExactly(0, 8, 16);
        assertThat(steps).extracting(Step::tokens).containsExactly(8, 8, 4);
        assertThat(steps).extracting(Step::rows).containsExactly(0, 6, 4);
        assertThat(steps).extracting(Step::rowsBefore).containsExactly(0, 0, 6);
        assertThat(steps).extracting(Step::total).containsExactly(3 + 9, 3 + 17, 3 + 21);
    }

    @Test
    void runsATreeAtOnceUnlessNothingIsBeforeIt() {
        assertThat(steps(1, FORK, 3, 8, 1)).extracting(Step::tokens).containsExactly(3);
        assertThat(steps(0, FORK, 3, 8, 1)).extracting(Step::tokens).containsExactly(2, 1);
    }

    @Test
    void runsWhatIsOffTheChainAtOnceHoweverLittleRoomThereIs() {
        TokenTree tree = TokenTree.of(new int[] {4, 5, 6, 7, 8}, new int[] {-1, 0, 0, 0, 0});
        assertThat(steps(1, tree, 0, 2, 1)).extracting(Step::tokens).containsExactly(2, 3);
    }

    @Test
    void repeatsTheLastNodeForPadding() {
        Step step = steps(7, FORK, 1, 8, 5).getFirst();
        assertThat(step.attendedRows()).isEqualTo(6);
        assertThat(step.node(5)).isEqualTo(2);
        assertThat(step.position(0)).isEqualTo(7);
        assertThat(step.position(5)).isEqualTo(8);
    }

    private static List<Step> steps(int past, TokenTree tree, int rows, int most, int minimum) {
        try (OnnxKvCache cache = tiny.model().openCache(past + tree.size())) {
            if (past > 0) {
                tiny.model().forward(cache, new int[past], 0, Cancellation.none());
                cache.commit(past);
            }
            Forward forward = new Forward(cache, tree, rows, minimum);
            List<Step> steps = new ArrayList<>();
            while (forward.left() > 0) {
                steps.add(forward.next(most));
                forward.advance(steps.getLast());
            }
            return steps;
        }
    }
}
