package io.tern.generation.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.generation.Golden;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Seeds are fixed, so a test that holds holds always; the false-alarm rates say how a wrong generator would be told from
 * an unlucky right one.
 */
class PhiloxNoiseTest {
    private static final int LATENTS = 2048;
    private static final int MANY = 1 << 18;

    @Test
    void drawsTheWordsOfRandom123() {
        for (JsonNode known : Golden.json("noise.json").get("philox")) {
            int[] words = words(known.get("counter"));
            int[] key = words(known.get("key"));
            Philox.words(words, key[0], key[1]);
            assertThat(words).containsExactly(words(known.get("words")));
        }
    }

    @Test
    void isTheNoiseOfTheReferenceScript() {
        for (JsonNode known : Golden.json("noise.json").get("cases")) {
            float[] expected = Golden.floats(known.get("values"));
            float[] values = noise(
                    known.get("seed").asLong(),
                    known.get("picture").asInt(),
                    known.get("step").asInt(),
                    expected.length);
            // the last bit of float32 at most
            for (int i = 0; i < values.length; i++) {
                assertThat(Math.abs(values[i] - expected[i])).isLessThanOrEqualTo(Math.ulp(expected[i]));
            }
        }
    }

    @Test
    void givesAnElementTheSameValueInEveryShapeAndOnEveryAsking() {
        float[] all = noise(5, 0, 0, LATENTS);
        assertThat(noise(5, 0, 0, LATENTS)).containsExactly(all);
        assertThat(noise(5, 0, 0, 13)).containsExactly(Arrays.copyOf(all, 13));
    }

    @Test
    void differsBySeedPictureAndStepInEveryElement() {
        float[] base = noise(5, 0, 0, LATENTS);
        float[][] others = {
            noise(6, 0, 0, LATENTS),
            noise(5, 1, 0, LATENTS),
            noise(5, 0, 1, LATENTS),
            noise(5L + (1L << 32), 0, 0, LATENTS)
        };
        for (float[] other : others) {
            for (int i = 0; i < LATENTS; i++) {
                assertThat(other[i]).isNotEqualTo(base[i]);
            }
            // 4.4 standard errors: false alarm in 1e-5 of seeds
            assertThat(Math.abs(correlation(base, other))).isLessThan(4.4 / Math.sqrt(LATENTS));
        }
    }

    /** Moments within 4.9 standard errors: false alarm 1e-6 each. */
    @Test
    void hasTheMomentsOfAStandardNormal() {
        float[] values = noise(2026, 0, 0, MANY);
        assertThat(Math.abs(moment(values, 1))).isLessThan(4.9 / Math.sqrt(MANY));
        assertThat(Math.abs(moment(values, 2) - 1)).isLessThan(4.9 * Math.sqrt(2.0 / MANY));
        assertThat(Math.abs(moment(values, 3))).isLessThan(4.9 * Math.sqrt(15.0 / MANY));
        assertThat(Math.abs(moment(values, 4) - 3)).isLessThan(4.9 * Math.sqrt(96.0 / MANY));
    }

    /** The two of a Box-Muller pair, and the two pairs of one counter, must know nothing of each other. */
    @Test
    void hasNoCorrelationBetweenNeighbours() {
        float[] values = noise(7, 0, 0, MANY);
        for (int lag = 1; lag <= 16; lag++) {
            double sum = 0;
            for (int i = lag; i < MANY; i++) {
                sum += (double) values[i] * values[i - lag];
            }
            assertThat(Math.abs(sum / MANY)).as("lag " + lag).isLessThan(4.9 / Math.sqrt(MANY));
        }
    }

    /** Kolmogorov and Smirnov: √n·D > 2.3 has probability 2·exp(−2·2.3²) = 5e-5. */
    @Test
    void hasTheDistributionOfAStandardNormal() {
        for (long seed = 0; seed < 8; seed++) {
            float[] sorted = noise(seed, 0, 0, MANY / 8);
            Arrays.sort(sorted);
            double largest = 0;
            for (int i = 0; i < sorted.length; i++) {
                double expected = normalCdf(sorted[i]);
                largest = Math.max(largest, Math.abs(expected - (double) i / sorted.length));
                largest = Math.max(largest, Math.abs(expected - (i + 1.0) / sorted.length));
            }
            assertThat(Math.sqrt(sorted.length) * largest).as("seed " + seed).isLessThan(2.3);
        }
    }

    @Test
    void staysFiniteAndWithinItsBound() {
        for (float value : noise(9, 0, 0, MANY)) {
            assertThat(Math.abs(value)).isLessThan(6.77f);
        }
    }

    private static float[] noise(long seed, int picture, int step, int size) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor values = FloatTensor.allocate(arena, Shape.of(size));
            new PhiloxNoise(seed, picture).fill(step, values);
            return values.toArray();
        }
    }

    private static double moment(float[] values, int power) {
        double sum = 0;
        for (float value : values) {
            sum += Math.pow(value, power);
        }
        return sum / values.length;
    }

    private static double correlation(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum / a.length;
    }

    /** Φ by its Taylor series around 0, φ(x)·(x + x³/3 + x⁵/15 + …): exact to 1e-15 for |x| < 7. */
    private static double normalCdf(double x) {
        double term = x;
        double sum = x;
        for (int n = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 400; n += 2) {
            term *= x * x / n;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private static int[] words(JsonNode array) {
        return array.valueStream().mapToInt(word -> (int) word.asLong()).toArray();
    }
}
