package io.tern.decoding.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.gguf.NpzFile;
import io.tern.decoding.model.SmolLm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The heads against what torch computed from the same weights. Their matrices are float16 in the file. */
@ExtendWith(SmolLm.Provider.class)
class HeadPortTest {
    private static final Path GOLDEN = Path.of(System.getProperty("tern.root"), "models/golden/decoding");
    private static final int WIDTH = 576;
    private static final int PLACES = 12;

    @Test
    void medusaGivesTheReferencesLogits(SmolLm smolLm) throws IOException {
        NpzFile reference = new NpzFile(GOLDEN.resolve("medusa_reference.npz"));
        float[] hidden = reference.floats("hidden");
        try (MedusaDrafting medusa = smolLm.heads().medusa(SmolLm.head("medusa"), smolLm.headTarget(Precision.FP32))) {
            for (int row = 0; row < hidden.length / WIDTH; row++) {
                float[] state = Arrays.copyOfRange(hidden, row * WIDTH, (row + 1) * WIDTH);
                List<float[]> logits = medusa.heads().logits(state, Cancellation.none());
                assertThat(logits).hasSize(4);
                for (int head = 0; head < 4; head++) {
                    float[] expected = reference.floats("logits" + head);
                    for (int i = 0; i < 64; i++) {
                        assertThat(Math.abs(logits.get(head)[i] - expected[row * 64 + i]))
                                .isLessThan(0.005f);
                    }
                }
            }
        }
    }

    @Test
    void eagleGivesTheReferencesFeatures(SmolLm smolLm) throws IOException {
        try (FeatureDrafting eagle = smolLm.heads().eagle(SmolLm.head("eagle"), smolLm.headTarget(Precision.FP32))) {
            checkFeatures(eagle, "eagle_reference.npz", 0.05, 1);
        }
    }

    @Test
    void mtpGivesTheReferencesFeatures(SmolLm smolLm) throws IOException {
        try (FeatureDrafting mtp = smolLm.heads().mtp(SmolLm.head("mtp"), smolLm.headTarget(Precision.FP32))) {
            checkFeatures(mtp, "mtp_reference.npz", 0.05, 1);
        }
    }

    @Test
    void eightBitHeadsGuessNearlyTheSame(SmolLm smolLm) throws IOException {
        try (FeatureDrafting eagle = smolLm.heads().eagle(SmolLm.head("eagle"), smolLm.headTarget(Precision.INT8))) {
            checkFeatures(eagle, "eagle_reference.npz", 0.6, 0.9);
        }
    }

    /** Features have values up to 30. One row after another gives what all together give. */
    private static void checkFeatures(FeatureDrafting drafting, String file, double tolerance, double agreement)
            throws IOException {
        NpzFile reference = new NpzFile(GOLDEN.resolve(file));
        int[] tokens = reference.integers("tokens");
        List<float[]> states = rows(reference.floats("hidden"));
        for (int step = 0; step < 2; step++) {
            FeatureLayer layer = step == 0 ? drafting.first() : drafting.further();
            int count = PLACES - 1 - step;
            List<float[]> expected = rows(reference.floats("feature" + step));
            int[] top = reference.integers("top" + step);
            List<float[]> features = new ArrayList<>();
            int same = 0;
            try (LayerMemory whole = layer.newMemory(64);
                    LayerMemory single = layer.newMemory(64)) {
                LayerRows all = new LayerRows(0);
                for (int row = 0; row < count; row++) {
                    all.add(states.get(row), tokens[row + step], row);
                }
                FeatureLayer.Output together = layer.run(all, count, whole, Cancellation.none());
                for (int row = 0; row < count; row++) {
                    LayerRows one = new LayerRows(row);
                    one.add(states.get(row), tokens[row + step], row);
                    float[] alone = layer.run(one, 1, single, Cancellation.none())
                            .features()
                            .getFirst();
                    assertThat(distance(alone, together.features().get(row))).isLessThan(0.01);
                    assertThat(distance(alone, expected.get(row)))
                            .as("step %s, row %s", step, row)
                            .isLessThan(tolerance);
                    same += layer.token(argMax(together.logits().get(row))) == top[row] ? 1 : 0;
                }
                features.addAll(together.features());
            }
            assertThat((double) same / count).isGreaterThanOrEqualTo(agreement);
            states = features;
        }
    }

    private static double distance(float[] one, float[] other) {
        double greatest = 0;
        for (int i = 0; i < one.length; i++) {
            greatest = Math.max(greatest, Math.abs(one[i] - other[i]));
        }
        return greatest;
    }

    private static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static List<float[]> rows(float[] values) {
        List<float[]> rows = new ArrayList<>();
        for (int begin = 0; begin < values.length; begin += WIDTH) {
            rows.add(Arrays.copyOfRange(values, begin, begin + WIDTH));
        }
        return rows;
    }
}
