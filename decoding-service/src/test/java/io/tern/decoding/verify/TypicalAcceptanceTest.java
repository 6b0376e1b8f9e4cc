package io.tern.decoding.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tern.base.TernException;
import io.tern.decoding.FakeLogits;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenCounts;
import io.tern.decoding.sampling.TokenDistribution;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TypicalAcceptanceTest {
    /** Probabilities .5, .3, .1, .1: entropy 1.17 nats, so that the threshold is min(epsilon, 0.31 · delta). */
    private static final float[] ROW = {ln(0.5), ln(0.3), ln(0.1), ln(0.1)};

    @Test
    void acceptsWhatIsLikelyEnoughForHowSureTheTargetIs() {
        assertThat(accepted(new TypicalThreshold(0.2, 1), 1)).isEqualTo(1);
        assertThat(accepted(new TypicalThreshold(0.2, 1), 2)).isZero();
        assertThat(accepted(new TypicalThreshold(1, 0.9), 1)).isEqualTo(1); // 0.9 · exp(−1.17) = 0.279
        assertThat(accepted(new TypicalThreshold(1, 1), 1)).isZero(); // exp(−1.17) = 0.311
    }

    @Test
    void prefersTheBranchThatGoesOnLongest() {
        Draft draft = Draft.of(TokenTree.of(new int[] {0, 2, 1, 1}, new int[] {TokenTree.ROOT, 0, TokenTree.ROOT, 2}));
        Verdict verdict = verify(new TypicalThreshold(0.2, 1), draft);
        assertThat(verdict.accepted()).isEqualTo(2);
        assertThat(verdict.node(0)).isEqualTo(2);
        assertThat(verdict.node(1)).isEqualTo(3);
    }

    @Test
    void refusesThresholdsThatMeanNothing() {
        for (double bad : new double[] {0, -1, 1.1, Double.NaN}) {
            assertThatExceptionOfType(TernException.class)
                    .isThrownBy(() -> new TypicalThreshold(bad, 1))
                    .satisfies(e -> assertThat(e.field()).isEqualTo("speculation.typical_threshold"));
            assertThatExceptionOfType(TernException.class)
                    .isThrownBy(() -> new TypicalThreshold(1, bad))
                    .satisfies(e -> assertThat(e.field()).isEqualTo("speculation.typical_alpha"));
        }
    }

    private static int accepted(TypicalThreshold threshold, int token) {
        return verify(threshold, Draft.of(token)).accepted();
    }

    private static Verdict verify(TypicalThreshold threshold, Draft draft) {
        TokenDistribution target = TokenDistribution.of(SamplingParameters.plain(1), new TokenCounts(4), 4);
        float[][] rows = new float[draft.size() + 1][];
        Arrays.fill(rows, ROW);
        return new Verifier(new TypicalAcceptance(target, threshold, (_, _, _) -> 3), false, _ -> {})
                .verify(draft, new FakeLogits(rows), 0);
    }

    private static float ln(double probability) {
        return (float) Math.log(probability);
    }
}
