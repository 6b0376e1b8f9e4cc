package io.tern.decoding.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.Distributions;
import io.tern.decoding.FakeLogits;
import io.tern.decoding.draft.Candidates;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DrawnTokens;
import io.tern.decoding.draft.TokenChoice;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenCounts;
import io.tern.decoding.sampling.TokenDistribution;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Speculative sampling leaves the target's distribution as it is; seeds are fixed, so these tests pass or fail for good. */
class RejectionAcceptanceTest {
    private static final int VOCABULARY = 6;
    private static final int ROUNDS = 40_000;
    private static final float[] TARGET = {1.2f, 0.3f, -0.5f, 2.0f, 0.0f, -1.0f};
    private static final float[] DRAFTER = {0.2f, 1.5f, -0.5f, 1.0f, 0.8f, -2.0f};
    private static final List<SamplingParameters> SAMPLINGS = List.of(
            new SamplingParameters(0.8, 1, 0, 0, 1, 0, 0, Map.of(), 1),
            new SamplingParameters(1.3, 0.8, 0, 0, 1, 0, 0, Map.of(), 2),
            new SamplingParameters(1, 1, 3, 0, 1, 0, 0, Map.of(), 3));

    @Test
    void leavesTheDistributionAsItIsForDrawnCandidates() {
        for (int candidates = 1; candidates <= VOCABULARY; candidates++) {
            for (SamplingParameters sampling : SAMPLINGS) {
                long[] counts = new long[VOCABULARY];
                for (int seed = 0; seed < ROUNDS; seed++) {
                    counts[round(sampling, seed, drawn(candidates, sampling, seed))]++;
                }
                assertThat(Distributions.z(counts, truth(sampling)))
                        .as("%s candidates, %s", candidates, sampling)
                        .isLessThan(Distributions.FALSE_ALARM_Z);
            }
        }
    }

    @Test
    void leavesTheDistributionAsItIsForCertainGuesses() {
        for (int[] guesses : new int[][] {{}, {3}, {5}, {1, 3}, {5, 4, 3}, {0, 1, 2, 3, 4, 5}}) {
            for (SamplingParameters sampling : SAMPLINGS) {
                long[] counts = new long[VOCABULARY];
                for (int seed = 0; seed < ROUNDS; seed++) {
                    counts[round(sampling, seed, Draft.of(siblings(guesses)))]++;
                }
                assertThat(Distributions.z(counts, truth(sampling)))
                        .as("%s, %s", Arrays.toString(guesses), sampling)
                        .isLessThan(Distributions.FALSE_ALARM_Z);
            }
        }
    }

    /** Leviathan et al. 2023, corollary 3.6: the share of accepted drafts is the sum of min(p, q). */
    @Test
    void acceptsAsOftenAsThePaperSays() {
        SamplingParameters sampling = SAMPLINGS.getFirst();
        double[] p = Distributions.softmax(TARGET, sampling.temperature());
        double[] q = Distributions.softmax(DRAFTER, sampling.temperature());
        double expected = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            expected += Math.min(p[i], q[i]);
        }
        int accepted = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            accepted += verify(sampling, seed, drawn(1, sampling, seed)).accepted();
        }
        double deviation = Math.sqrt(ROUNDS * expected * (1 - expected));
        assertThat(Math.abs(accepted - ROUNDS * expected)).isLessThan(Distributions.FALSE_ALARM_Z * deviation);
    }

    @Test
    void theTestSeesARuleThatAcceptsTooMuchAndOneThatForgetsTheRest() {
        SamplingParameters sampling = SAMPLINGS.getFirst();
        long[] generous = new long[VOCABULARY];
        long[] forgetful = new long[VOCABULARY];
        double[] p = Distributions.softmax(TARGET, sampling.temperature());
        SplittableRandom random = new SplittableRandom(5);
        for (int seed = 0; seed < ROUNDS; seed++) {
            Draft draft = drawn(1, sampling, seed);
            int guess = draft.tree().token(0);
            double q = Distributions.softmax(DRAFTER, sampling.temperature())[guess];
            boolean accepts = random.nextDouble() < Math.min(1, p[guess] / q);
            generous[
                    random.nextDouble() < Math.min(1, 1.1 * p[guess] / q)
                            ? guess
                            : round(sampling, seed, Draft.NONE)]++;
            forgetful[accepts ? guess : round(sampling, seed, Draft.NONE)]++;
        }
        assertThat(Distributions.z(generous, p)).isGreaterThan(Distributions.FALSE_ALARM_Z);
        assertThat(Distributions.z(forgetful, p)).isGreaterThan(Distributions.FALSE_ALARM_Z);
    }

    /** The first settled token. */
    private static int round(SamplingParameters sampling, int seed, Draft draft) {
        return verify(sampling, seed, draft).token(0);
    }

    private static Verdict verify(SamplingParameters sampling, int seed, Draft draft) {
        TokenDistribution target = TokenDistribution.of(sampling, new TokenCounts(VOCABULARY), VOCABULARY);
        float[][] rows = new float[draft.size() + 1][];
        Arrays.fill(rows, TARGET);
        return new Verifier(new RejectionAcceptance(target, VOCABULARY, seed), false, _ -> {})
                .verify(draft, new FakeLogits(rows), 0);
    }

    private static Draft drawn(int count, SamplingParameters sampling, int seed) {
        Candidates candidates = Candidates.of(DRAFTER);
        TokenChoice.Picked picked = new DrawnTokens(sampling.temperature(), seed).pick(candidates, count);
        int[] tokens = Arrays.stream(picked.candidates())
                .map(i -> candidates.tokens()[i])
                .toArray();
        return Draft.drawn(siblings(tokens), Map.of(TokenTree.ROOT, picked.proposal()));
    }

    private static TokenTree siblings(int... tokens) {
        int[] parents = new int[tokens.length];
        Arrays.fill(parents, TokenTree.ROOT);
        return TokenTree.of(tokens, parents);
    }

    private static double[] truth(SamplingParameters sampling) {
        TokenDistribution target = TokenDistribution.of(sampling, new TokenCounts(VOCABULARY), VOCABULARY);
        target.read(new FakeLogits(TARGET), 0);
        double[] p = new double[VOCABULARY];
        target.probabilities(p);
        return p;
    }
}
