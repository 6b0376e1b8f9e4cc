package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each path of a tree against the same tokens run as a chain. */
@ExtendWith(SmolLm.Provider.class)
class TreeTest {
    private static final int PREFIX = 70;
    /**
     * <pre>
     * 0 ─ 1 ─ 2
     *  ╲   ╲ 3 ─ 4
     *   5 ─ 6
     * 7
     * </pre>
     */
    private static final int[] PARENTS = {-1, 0, 1, 1, 3, 0, 5, -1};

    private static final int[][] BRANCHES = {{0, 1, 3, 4}, {0, 5, 6}, {7}};

    private final int[] text = Golden.ids(Golden.read("perplexity.json").get("ids"));
    private final int[] tokens = Arrays.copyOfRange(text, PREFIX, PREFIX + PARENTS.length);
    private final TokenTree tree = TokenTree.of(tokens, PARENTS);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void theFirstPathHasTheBitsOfAChain(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        Rows chain = run(model, PREFIX, TokenTree.chain(path(0, 1, 2)));
        Rows all = run(model, PREFIX, tree);
        for (int node = 0; node < 3; node++) {
            assertThat(all.logits[node]).isEqualTo(chain.logits[node]);
            assertThat(all.hidden[node]).isEqualTo(chain.hidden[node]);
        }
        assertThat(all.logits[3]).as("another branch").isNotEqualTo(chain.logits[2]);
    }

    /** Gaps between a branch's keys cost the last bits, which 8-bit activations would make more of. */
    @ParameterizedTest
    @CsvSource({"0", "1", "70"})
    void everyPathSeesItsAncestorsAlone(int prefix, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(Precision.FP32);
        Rows all = run(model, prefix, tree);
        for (int[] branch : BRANCHES) {
            Rows chain = run(model, prefix, TokenTree.chain(path(branch)));
            for (int i = 0; i < branch.length; i++) {
                assertThat(all.logits[branch[i]]).containsExactly(chain.logits[i], within(1e-3f));
                assertThat(all.hidden[branch[i]]).containsExactly(chain.hidden[i], within(1e-3f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void theKeptPathIsTheTextFromThenOn(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        int[] next = Arrays.copyOfRange(text, 200, 204);
        for (int[] branch : BRANCHES) {
            try (OnnxKvCache kept = model.openCache(PREFIX + tree.size() + next.length);
                    OnnxKvCache plain = model.openCache(PREFIX + tree.size() + next.length)) {
                feed(model, kept, PREFIX);
                model.forward(kept, tree, 0, Cancellation.none());
                kept.keep(branch);
                assertThat(kept.length()).isEqualTo(PREFIX + branch.length);
                feed(model, plain, PREFIX);
                model.forward(plain, path(branch), 0, Cancellation.none());
                plain.commit(branch.length);
                assertThat(kept.sameBits(plain, PREFIX + 1)).isEqualTo(branch[0] == 0);
                float[] expected = rows(model.forward(plain, TokenTree.chain(next), 1, Cancellation.none())).logits[0];
                float[] actual = rows(model.forward(kept, TokenTree.chain(next), 1, Cancellation.none())).logits[0];
                // With 8-bit activations a branch's last bits may be worth a whole logit, as any rounding is.
                float tolerance = precision == Precision.FP32 ? 1e-3f : 3;
                assertThat(actual).containsExactly(expected, within(tolerance));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void theKeptFirstPathLeavesTheBitsOfAChain(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        try (OnnxKvCache kept = model.openCache(PREFIX + tree.size());
                OnnxKvCache plain = model.openCache(PREFIX + tree.size())) {
            feed(model, kept, PREFIX);
            model.forward(kept, tree, 8, Cancellation.none());
            kept.keep(0, 1, 2);
            feed(model, plain, PREFIX);
            model.forward(plain, path(0, 1, 2), 3, Cancellation.none());
            plain.commit(3);
            assertThat(kept.sameBits(plain, PREFIX + 3)).isTrue();
        }
    }

    /** Behind an empty cache the trunk runs by itself, so that rows come from two runs. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void aTreeBehindATrunkIsTheSameWhereverThePromptBegan(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        int[] trunk = Arrays.copyOf(text, PREFIX);
        Rows behind = run(model, PREFIX, tree);
        Rows whole = run(model, 0, tree.behind(trunk));
        assertThat(whole.logits).hasNumberOfRows(PREFIX + tree.size());
        for (int node = 0; node < 3; node++) {
            assertThat(whole.logits[PREFIX + node]).isEqualTo(behind.logits[node]);
            assertThat(whole.hidden[PREFIX + node]).isEqualTo(behind.hidden[node]);
        }
        if (precision == Precision.FP32) {
            for (int node = 3; node < tree.size(); node++) {
                assertThat(whole.logits[PREFIX + node]).containsExactly(behind.logits[node], within(1e-3f));
            }
        }
    }

    @Test
    void keepsNothingButPathsOfTheLastTree(SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(Precision.INT8);
        try (KvCache cache = model.newCache(PREFIX + tree.size())) {
            feed(model, cache, PREFIX);
            model.forward(cache, tree, 0, Cancellation.none());
            for (int[] wrong : new int[][] {{1}, {0, 2}, {0, 8}, {0, -1}, {0, 1, 2, 3}}) {
                assertThatIllegalArgumentException().isThrownBy(() -> cache.keep(wrong));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> cache.commit(4));
            cache.keep(0, 5);
            assertThat(cache.length()).isEqualTo(PREFIX + 2);
            assertThatIllegalArgumentException().isThrownBy(() -> cache.keep(0));
        }
    }

    private record Rows(float[][] logits, float[][] hidden) {}

    private Rows run(OnnxLanguageModel model, int prefix, TokenTree tokens) {
        try (KvCache cache = model.newCache(prefix + tokens.size())) {
            feed(model, cache, prefix);
            return rows(model.forward(cache, tokens, tokens.size(), Cancellation.none()));
        }
    }

    private void feed(OnnxLanguageModel model, KvCache cache, int prefix) {
        if (prefix > 0) {
            model.forward(cache, Arrays.copyOf(text, prefix), 0, Cancellation.none());
            cache.commit(prefix);
        }
    }

    private int[] path(int... nodes) {
        return Arrays.stream(nodes).map(node -> tokens[node]).toArray();
    }

    private static Rows rows(StepOutput output) {
        Logits logits = output.logits();
        HiddenStates hidden = output.hidden();
        Rows rows =
                new Rows(new float[logits.rows()][logits.vocabularySize()], new float[hidden.rows()][hidden.width()]);
        for (int i = 0; i < rows.logits.length; i++) {
            logits.copyRow(i, rows.logits[i]);
        }
        for (int i = 0; i < rows.hidden.length; i++) {
            hidden.copyRow(i, rows.hidden[i]);
        }
        return rows;
    }
}
