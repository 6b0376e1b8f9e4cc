package io.tern.decoding.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.FakeLogits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int VOCABULARY = 40;

    @Test
    void drawsAsTheSlowObviousWayDoes() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            float[] logits = logits(random);
            SamplingParameters parameters = new SamplingParameters(
                    0.05 + 1.95 * random.nextDouble(),
                    random.nextBoolean() ? 1 : 0.01 + 0.99 * random.nextDouble(),
                    random.nextBoolean() ? 0 : 1 + random.nextInt(VOCABULARY),
                    random.nextBoolean() ? 0 : random.nextDouble(),
                    random.nextBoolean() ? 1 : 0.5 + random.nextDouble(),
                    random.nextBoolean() ? 0 : random.nextDouble(-2, 2),
                    random.nextBoolean() ? 0 : random.nextDouble(-2, 2),
                    random.nextBoolean() ? Map.of() : Map.of(3, 4.0, 5, -100.0),
                    seed);
            int[] prompt = random.ints(6, 0, VOCABULARY).toArray();
            int[] output = random.ints(9, 0, VOCABULARY).toArray();
            TokenCounts counts = new TokenCounts(VOCABULARY);
            IntStream.of(prompt).forEach(counts::addPrompt);
            IntStream.of(output).forEach(counts::addGenerated);
            int drawn = Sampler.of(parameters, counts, VOCABULARY).sample(new FakeLogits(logits), 0, 17);
            assertThat(drawn).as("seed " + seed).isEqualTo(slowly(logits, parameters, prompt, output, 17));
        }
    }

    private static int slowly(float[] row, SamplingParameters p, int[] prompt, int[] output, int place) {
        float[] logits = row.clone();
        p.logitBias().forEach((token, bias) -> logits[token] += bias.floatValue());
        for (int token = 0; token < logits.length; token++) {
            int id = token;
            long times = IntStream.of(output).filter(t -> t == id).count();
            if (times > 0 || IntStream.of(prompt).anyMatch(t -> t == id)) {
                double logit = logits[id] > 0 ? logits[id] / p.repetitionPenalty() : logits[id] * p.repetitionPenalty();
                logits[id] = (float) (times > 0 ? logit - (p.presencePenalty() + times * p.frequencyPenalty()) : logit);
            }
        }
        double[] scaled = IntStream.range(0, logits.length)
                .mapToDouble(t -> logits[t] / p.temperature())
                .toArray();
        double max = IntStream.range(0, scaled.length)
                .mapToDouble(t -> scaled[t])
                .max()
                .orElseThrow();
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, scaled.length).boxed().toList());
        left.sort(Comparator.comparingDouble((Integer t) -> -scaled[t]).thenComparing(t -> t));
        if (p.minP() > 0) {
            left.removeIf(t -> scaled[t] < max + StrictMath.log(p.minP()));
        }
        if (p.topK() > 0) {
            left = left.subList(0, Math.min(p.topK(), left.size()));
        }
        List<Integer> all = left;
        double total = 0;
        for (int t : all.stream().sorted().toList()) {
            total += StrictMath.exp(scaled[t] - max);
        }
        List<Integer> kept = new ArrayList<>();
        double sum = 0;
        for (int t : all) {
            if (p.topP() == 1 || kept.isEmpty() || sum < p.topP() * total) {
                kept.add(t);
                sum += StrictMath.exp(scaled[t] - max);
            }
        }
        kept.sort(null);
        double mass = 0;
        for (int t : kept) {
            mass += StrictMath.exp(scaled[t] - max);
        }
        double target = new CounterRandom(p.seed()).uniform(place) * mass;
        double reached = 0;
        for (int t : kept) {
            reached += StrictMath.exp(scaled[t] - max);
            if (reached > target) {
                return t;
            }
        }
        return kept.getLast();
    }

    @Test
    void keepsTheLikeliestTokenHoweverNarrowTheTruncation() {
        float[] logits = {0, 5, 5, 1};
        for (SamplingParameters narrow : List.of(
                new SamplingParameters(2, 1, 1, 0, 1, 0, 0, Map.of(), 1),
                new SamplingParameters(2, 1e-9, 0, 0, 1, 0, 0, Map.of(), 1))) {
            Sampler sampler = Sampler.of(narrow, new TokenCounts(4), 4);
            for (int place = 0; place < 50; place++) {
                assertThat(sampler.sample(new FakeLogits(logits), 0, place)).isEqualTo(1);
            }
        }
        Sampler minP = Sampler.of(new SamplingParameters(2, 1, 0, 1, 1, 0, 0, Map.of(), 1), new TokenCounts(4), 4);
        assertThat(IntStream.range(0, 200)
                        .map(place -> minP.sample(new FakeLogits(logits), 0, place))
                        .distinct()
                        .sorted())
                .containsExactly(1, 2); // equally likely
    }

    @Test
    void isGreedyAtTheLowestTemperatures() {
        for (double temperature : new double[] {1e-9, Double.MIN_NORMAL, Double.MIN_VALUE}) {
            Sampler sampler = Sampler.of(
                    new SamplingParameters(temperature, 0.9, 2, 0.1, 1, 0, 0, Map.of(), 3), new TokenCounts(3), 3);
            assertThat(sampler.sample(new FakeLogits(new float[] {1, 1.001f, -Float.MAX_VALUE}), 0, 0))
                    .isEqualTo(1);
        }
    }

    @Test
    void takesTheSmallestRepetitionPenaltyForAVeryStrongWish() {
        for (double temperature : new double[] {0, 1}) {
            TokenCounts counts = new TokenCounts(3);
            counts.addPrompt(2);
            Sampler sampler = Sampler.of(
                    new SamplingParameters(temperature, 1, 0, 0, Double.MIN_VALUE, 0, 0, Map.of(), 3), counts, 3);
            assertThat(sampler.sample(new FakeLogits(new float[] {9, 2, 1}), 0, 0))
                    .isEqualTo(2);
        }
    }

    @Test
    void complainsOfLogitsThatAreNoNumbers() {
        TokenCounts seen = new TokenCounts(3);
        IntStream.range(0, 3).forEach(seen::addGenerated);
        for (Sampler sampler : List.of(
                Sampler.of(SamplingParameters.greedy(), new TokenCounts(3), 3),
                Sampler.of(new SamplingParameters(0, 1, 0, 0, 1, 0, 0, Map.of(2, 1.0), 1), new TokenCounts(3), 3),
                Sampler.of(new SamplingParameters(0, 1, 0, 0, 0.5, 1, 1, Map.of(), 1), seen, 3),
                Sampler.of(SamplingParameters.plain(1), new TokenCounts(3), 3),
                (logits, row, _) ->
                        new LogprobReader(3, 1).read(logits, row, 0).top().size())) {
            for (float[] broken : List.of(
                    new float[] {Float.NaN, 1, 0},
                    new float[] {1, Float.NaN, 0},
                    new float[] {1, 0, Float.NaN},
                    new float[] {1, Float.POSITIVE_INFINITY, 0},
                    new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY})) {
                assertThatExceptionOfType(TernException.class)
                        .as(Arrays.toString(broken))
                        .isThrownBy(() -> sampler.sample(new FakeLogits(broken), 0, 0))
                        .withMessageContaining("logits")
                        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR));
            }
            assertThat(sampler.sample(new FakeLogits(new float[] {Float.NEGATIVE_INFINITY, 1, -99}), 0, 0))
                    .isEqualTo(1);
        }
    }

    @Test
    void reportsAnImpossibleTokenWithANumberThatJsonHas() {
        Logprobs read = new LogprobReader(3, 3).read(new FakeLogits(new float[] {1, Float.NEGATIVE_INFINITY, 0}), 0, 1);
        assertThat(read.logprob()).isEqualTo(-9999);
        assertThat(read.top().getLast()).isEqualTo(new TokenLogprob(1, -9999));
    }

    @Test
    void drawsUniformlyAndIndependentlyFromPlaceToPlaceAndSeedToSeed() {
        // Pairs of neighbouring numbers in 16 x 16 cells; five standard deviations of chi-square's normal
        // approximation.
        int[] places = new int[256];
        int[] seeds = new int[256];
        int rounds = 1 << 20;
        for (int i = 0; i < rounds; i++) {
            CounterRandom random = new CounterRandom(i & 1023);
            CounterRandom next = new CounterRandom((i & 1023) + 1);
            int place = i >> 10;
            places[cell(random.uniform(place), random.uniform(place + 1))]++;
            seeds[cell(random.uniform(place), next.uniform(place))]++;
        }
        for (int[] counts : List.of(places, seeds)) {
            double expected = rounds / 256.0;
            double chiSquare = IntStream.of(counts)
                    .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                    .sum();
            assertThat(chiSquare).isCloseTo(255, within(5 * Math.sqrt(2 * 255)));
        }
    }

    private static int cell(double a, double b) {
        return (int) (a * 16) * 16 + (int) (b * 16);
    }

    @Test
    void givesLogProbabilitiesOfTheUnchangedDistribution() {
        float[] logits = {1, 3, 2, 3};
        Logprobs read = new LogprobReader(4, 3).read(new FakeLogits(logits), 0, 2);
        double sum = Math.log(Math.exp(1) + 2 * Math.exp(3) + Math.exp(2));
        assertThat(read.logprob()).isCloseTo(2 - sum, within(1e-12));
        assertThat(read.top()).extracting(TokenLogprob::token).containsExactly(1, 3, 2);
        assertThat(new LogprobReader(4, 0).read(new FakeLogits(logits), 0, 2).top())
                .isEmpty();
        assertThat(new LogprobReader(4, 20).read(new FakeLogits(logits), 0, 2).top())
                .hasSize(4);
    }

    @Test
    void refusesParametersOutOfRangeByName() {
        refused("temperature", () -> new SamplingParameters(Double.NaN, 1, 0, 0, 1, 0, 0, Map.of(), 0));
        refused("temperature", () -> new SamplingParameters(2.01, 1, 0, 0, 1, 0, 0, Map.of(), 0));
        refused("top_p", () -> new SamplingParameters(1, 0, 0, 0, 1, 0, 0, Map.of(), 0));
        refused("top_k", () -> new SamplingParameters(1, 1, -1, 0, 1, 0, 0, Map.of(), 0));
        refused("min_p", () -> new SamplingParameters(1, 1, 0, 1.5, 1, 0, 0, Map.of(), 0));
        refused("repetition_penalty", () -> new SamplingParameters(1, 1, 0, 0, 0, 0, 0, Map.of(), 0));
        refused("presence_penalty", () -> new SamplingParameters(1, 1, 0, 0, 1, -3, 0, Map.of(), 0));
        refused("frequency_penalty", () -> new SamplingParameters(1, 1, 0, 0, 1, 0, Double.NaN, Map.of(), 0));
        refused("logit_bias", () -> new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(1, 101.0), 0));
        refused("logit_bias", () -> new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(-1, 1.0), 0));
        refused("seed", () -> new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(), -1));
        refused("top_k", () -> new SamplingParameters(1, 1, 9, 0, 1, 0, 0, Map.of(), 0).checkVocabulary(8));
        refused("logit_bias", () -> new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(8, 1.0), 0).checkVocabulary(8));
    }

    private static void refused(String field, Runnable action) {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(action::run)
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    private static float[] logits(Random random) {
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (3 * random.nextGaussian());
        }
        return logits;
    }
}
