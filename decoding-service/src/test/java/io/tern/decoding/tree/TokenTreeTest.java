package io.tern.decoding.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TokenTreeTest {
    /** 10 → 11 → 12, 10 → 13, and 14 beside 10. */
    private final TokenTree tree = TokenTree.of(new int[] {10, 11, 12, 13, 14}, new int[] {-1, 0, 1, 0, -1});

    @Test
    void knowsDepthsPathsAndChildren() {
        assertThat(new int[] {tree.depth(0), tree.depth(2), tree.depth(3), tree.depth(4)})
                .containsExactly(0, 2, 1, 0);
        assertThat(tree.chainLength()).isEqualTo(3);
        assertThat(tree.isChain()).isFalse();
        assertThat(tree.child(TokenTree.ROOT, 14)).isEqualTo(4);
        assertThat(tree.child(0, 13)).isEqualTo(3);
        assertThat(tree.child(0, 12)).isEqualTo(-1);
        assertThat(tree.isOnPathTo(0, 3)).isTrue();
        assertThat(tree.isOnPathTo(1, 3)).isFalse();
        assertThat(tree.isOnPathTo(3, 3)).isTrue();
    }

    @Test
    void comesBehindATrunk() {
        TokenTree moved = tree.behind(1, 2);
        assertThat(moved)
                .isEqualTo(TokenTree.of(new int[] {1, 2, 10, 11, 12, 13, 14}, new int[] {-1, 0, 1, 2, 3, 2, 1}));
        assertThat(TokenTree.chain(5, 6).behind(4)).isEqualTo(TokenTree.chain(4, 5, 6));
        assertThat(TokenTree.chain().behind(4, 5)).isEqualTo(TokenTree.chain(4, 5));
    }

    @Test
    void refusesAParentThatComesLater() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenTree.of(new int[] {1, 2}, new int[] {1, -1}))
                .withMessage("parent of node 0: 1 (expected: -1 or a node before it)");
    }

    @Test
    void putsTheFirstPathFirstAndKeepsTheOrderOfTheRest() {
        // 1 and 2 at the root; 3 and 4 behind 1; 5 behind 3; 6 behind 2
        TokenTree tree =
                TokenTree.of(new int[] {1, 2, 3, 4, 5, 6}, new int[] {TokenTree.ROOT, TokenTree.ROOT, 0, 0, 2, 1});
        TokenTree.Reordered all = tree.likeliestFirst(0, 1, 2, 3, 4, 5);
        assertThat(all.tree())
                .isEqualTo(TokenTree.of(
                        new int[] {1, 3, 5, 2, 4, 6}, new int[] {TokenTree.ROOT, 0, 1, TokenTree.ROOT, 0, 3}));
        assertThat(all.place(4)).isEqualTo(2);
        assertThat(all.place(TokenTree.ROOT)).isEqualTo(TokenTree.ROOT);
        assertThat(tree.likeliestFirst(0, 1, 5).tree())
                .isEqualTo(TokenTree.of(new int[] {1, 2, 6}, new int[] {TokenTree.ROOT, TokenTree.ROOT, 1}));
    }
}
