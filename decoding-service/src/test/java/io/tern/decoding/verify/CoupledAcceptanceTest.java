package io.tern.decoding.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.Distributions;
import io.tern.decoding.FakeLogits;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.sampling.Sampler;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoupledAcceptanceTest {
    private static final float[] FIRST = {1.2f, 0.3f, -0.5f, 2.0f, 0.0f, -1.0f};
    private static final float[] SECOND = {0.1f, 1.9f, 0.4f, -2.0f, 1.0f, 0.7f};

    @Test
    void emitsTheBonusTokenWhenAllDraftsAreAccepted() {
        Verdict verdict = greedy().verify(Draft.of(3, 1), new FakeLogits(FIRST, SECOND, FIRST), 0);
        assertThat(verdict.accepted()).isEqualTo(2);
        assertThat(verdict.length()).isEqualTo(3);
        assertThat(verdict.token(2)).isEqualTo(3);
    }

    @Test
    void putsItsOwnTokenWhereTheDraftWasWrong() {
        Verdict verdict = greedy().verify(Draft.of(3, 4, 3), new FakeLogits(FIRST, SECOND, FIRST, SECOND), 0);
        assertThat(verdict.accepted()).isEqualTo(1);
        assertThat(verdict.length()).isEqualTo(2);
        assertThat(verdict.token(1)).isEqualTo(1);
    }

    @Test
    void settlesOneTokenWithoutADraft() {
        Verdict verdict = greedy().verify(Draft.NONE, new FakeLogits(SECOND), 0);
        assertThat(verdict.accepted()).isZero();
        assertThat(verdict.token(0)).isEqualTo(1);
    }

    @Test
    void leavesTheTargetsDistributionAsItIsWhateverIsDrafted() {
        int rounds = 60_000;
        for (int drafted = 0; drafted < FIRST.length; drafted++) {
            int[][] pairs = new int[FIRST.length][FIRST.length];
            int accepted = 0;
            for (int seed = 0; seed < rounds; seed++) {
                SamplingParameters parameters = new SamplingParameters(0.8, 1, 0, 0, 1, 0, 0, Map.of(), seed);
                Verifier acceptance = acceptance(parameters);
                Verdict verdict = acceptance.verify(Draft.of(drafted), new FakeLogits(FIRST, SECOND), 0);
                accepted += verdict.accepted();
                // A draft that was turned down leaves the second place to the next step.
                int second = verdict.accepted() == 1
                        ? verdict.token(1)
                        : acceptance
                                .verify(Draft.NONE, new FakeLogits(SECOND), 1)
                                .token(0);
                pairs[verdict.token(0)][second]++;
            }
            double[] first = Distributions.softmax(FIRST, 0.8);
            double[] second = Distributions.softmax(SECOND, 0.8);
            assertThat(Distributions.z(flat(pairs), product(first, second)))
                    .as("draft " + drafted)
                    .isLessThan(Distributions.FALSE_ALARM_Z);
            // The rate that Leviathan et al. give for a point mass: p(x). Binomial, five standard deviations.
            double p = first[drafted];
            assertThat(Math.abs(accepted - rounds * p))
                    .isLessThan(Distributions.FALSE_ALARM_Z * Math.sqrt(rounds * p * (1 - p)));
        }
    }

    @Test
    void drawsTheSameTokensWithAndWithoutADraft() {
        for (int seed = 0; seed < 500; seed++) {
            SamplingParameters parameters = new SamplingParameters(1, 0.9, 0, 0.05, 1.2, 0.3, 0.1, Map.of(), seed);
            List<Integer> plain = new ArrayList<>();
            Verifier one = acceptance(parameters);
            plain.add(one.verify(Draft.NONE, new FakeLogits(FIRST), 4).token(0));
            plain.add(one.verify(Draft.NONE, new FakeLogits(SECOND), 5).token(0));
            Verdict both = acceptance(parameters).verify(Draft.of(plain.getFirst()), new FakeLogits(FIRST, SECOND), 4);
            assertThat(List.of(both.token(0), both.token(1))).isEqualTo(plain);
        }
    }

    private static Verifier greedy() {
        return acceptance(SamplingParameters.greedy());
    }

    private static Verifier acceptance(SamplingParameters parameters) {
        TokenCounts counts = new TokenCounts(FIRST.length);
        return new Verifier(
                new CoupledAcceptance(Sampler.of(parameters, counts, FIRST.length)), true, counts::addGenerated);
    }

    private static long[] flat(int[][] pairs) {
        return Arrays.stream(pairs).flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    private static double[] product(double[] first, double[] second) {
        return Arrays.stream(first)
                .flatMap(p -> Arrays.stream(second).map(q -> p * q))
                .toArray();
    }
}
