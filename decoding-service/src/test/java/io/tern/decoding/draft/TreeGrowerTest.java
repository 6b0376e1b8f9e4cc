package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeGrowerTest {
    private static final int VOCABULARY = 20;
    private static final TokenSequence TEXT = new TokenSequence(new int[] {1, 2, 3});

    @Test
    void aChainFollowsTheLikeliestToken() {
        Draft draft = TreeGrower.grow(DraftContext.chain(TEXT, 5), this::expand);
        assertThat(draft.tree().isChain()).isTrue();
        assertThat(draft.size()).isEqualTo(5);
        for (int node = 0; node < 5; node++) {
            assertThat(draft.tree().token(node))
                    .isEqualTo(candidates(draft.tree(), node - 1).tokens()[0]);
        }
    }

    /** Every node of a larger tree that was left out is at most as likely as those that were taken. */
    @Test
    void aTreeKeepsTheLikeliestNodesAndBeginsWithAPath() {
        for (int nodes : new int[] {1, 2, 5, 12, 30}) {
            DraftContext context = new DraftContext(TEXT, Math.min(nodes, 4), nodes, true, TokenChoice.LIKELIEST);
            Draft draft = TreeGrower.grow(context, this::expand);
            TokenTree tree = draft.tree();
            assertThat(draft.size()).isEqualTo(nodes);
            assertThat(draft.depth()).isLessThanOrEqualTo(4);
            double least = Double.POSITIVE_INFINITY;
            for (int node = 0; node < nodes; node++) {
                least = Math.min(least, score(tree, node));
            }
            for (int node = -1; node < nodes; node++) {
                int depth = node < 0 ? 0 : tree.depth(node) + 1;
                Candidates behind = candidates(tree, node);
                if (depth < Math.min(nodes, 4) && nodes <= 5 && tree.child(node, behind.tokens()[0]) < 0) {
                    double left = (node < 0 ? 0 : score(tree, node)) + behind.logProbabilities()[0];
                    assertThat(left).isLessThanOrEqualTo(least);
                }
            }
            assertThat(tree.chainLength()).isPositive();
            assertThat(tree.token(0)).isEqualTo(candidates(tree, -1).tokens()[0]);
            assertSiblingsDiffer(tree);
        }
    }

    @Test
    void pathsEndWhereTheyAreUnlikely() {
        double least = 0.2;
        for (boolean tree : new boolean[] {false, true}) {
            DraftContext context =
                    new DraftContext(TEXT, 8, 30, tree, TokenChoice.LIKELIEST, LeastChance.even(least, 0));
            Draft draft = TreeGrower.grow(context, this::expand);
            assertThat(draft.depth()).isBetween(1, 7);
            for (int node = 0; node < draft.size(); node++) {
                assertThat(score(draft.tree(), node)).isGreaterThanOrEqualTo(Math.log(least));
            }
            Candidates behind = candidates(draft.tree(), draft.tree().chainLength() - 1);
            double next = score(draft.tree(), draft.tree().chainLength() - 1) + behind.logProbabilities()[0];
            assertThat(next).isLessThan(Math.log(least));
        }
    }

    /** As where a run has more rows than tokens anyway: the guess is there, and its row costs nothing. */
    @Test
    void aGuessIsTakenForItsRowAndGoneOnFromForARun() {
        LeastChance least = new LeastChance(new double[] {0, 0.2}, 1);
        Draft draft = TreeGrower.grow(new DraftContext(TEXT, 8, 8, false, TokenChoice.LIKELIEST, least), this::expand);
        assertThat(draft.size()).isEqualTo(1);
        assertThat(draft.levels()).isEqualTo(1);
    }

    @Test
    void aRunThatGaveNothingCounts() {
        LeastChance least = LeastChance.even(1, 0);
        Draft draft = TreeGrower.grow(new DraftContext(TEXT, 8, 8, false, TokenChoice.LIKELIEST, least), this::expand);
        assertThat(draft.size()).isZero();
        assertThat(draft.levels()).isEqualTo(1);
    }

    /** Not to take it would depend on what it is. */
    @Test
    void aDrawnTokenIsKeptAndEndsAnUnlikelyPath() {
        for (int seed = 0; seed < 50; seed++) {
            DraftContext context =
                    new DraftContext(TEXT, 8, 8, false, new DrawnTokens(1, seed), LeastChance.even(0.2, 0));
            TokenTree tree = TreeGrower.grow(context, this::expand).tree();
            assertThat(tree.size()).isBetween(1, 7);
            assertThat(score(tree, tree.size() - 1)).isLessThan(Math.log(0.2));
            for (int node = 0; node < tree.size() - 1; node++) {
                assertThat(score(tree, node)).isGreaterThanOrEqualTo(Math.log(0.2));
            }
        }
    }

    @Test
    void drawnTreesSayFromWhatTheyWereDrawnAndHaveTheSameFormWhateverIsDrawn() {
        Set<List<Integer>> forms = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            DraftContext context = new DraftContext(TEXT, 4, 8, true, new DrawnTokens(1, seed));
            Draft draft = TreeGrower.grow(context, this::expand);
            assertSiblingsDiffer(draft.tree());
            List<Integer> form = new ArrayList<>();
            for (int node = -1; node < draft.size(); node++) {
                int parent = node;
                boolean inner = IntStream.range(0, draft.size())
                        .anyMatch(child -> draft.tree().parent(child) == parent);
                assertThat(draft.proposal(node) != null).isEqualTo(inner);
                form.add(node < 0 ? -2 : draft.tree().parent(node));
            }
            forms.add(form);
        }
        assertThat(forms).hasSize(1);
    }

    private static void assertSiblingsDiffer(TokenTree tree) {
        Set<List<Integer>> seen = new HashSet<>();
        for (int node = 0; node < tree.size(); node++) {
            assertThat(seen.add(List.of(tree.parent(node), tree.token(node)))).isTrue();
        }
    }

    private static double score(TokenTree tree, int node) {
        double score = 0;
        for (int at = node; at >= 0; at = tree.parent(at)) {
            Candidates behind = candidates(tree, tree.parent(at));
            for (int i = 0; i < behind.size(); i++) {
                score += behind.tokens()[i] == tree.token(at) ? behind.logProbabilities()[i] : 0;
            }
        }
        return score;
    }

    private List<Candidates> expand(TokenTree tree, int[] nodes) {
        return Arrays.stream(nodes).mapToObj(node -> candidates(tree, node)).toList();
    }

    /** A distribution that depends on the path alone. */
    private static Candidates candidates(TokenTree tree, int node) {
        long seed = 7;
        for (int at = node; at >= 0; at = tree.parent(at)) {
            seed = seed * 31 + tree.token(at) + 1;
        }
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) (random.nextGaussian() * 2);
        }
        return Candidates.of(logits);
    }
}
