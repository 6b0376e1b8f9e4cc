package io.tern.generation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.score.Network;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowsTest {
    /** Whatever the machine: one row is run alone only where that changes no bit. */
    @Test
    void runsARowAloneOnlyWhereItHasTheBitsOfAPair() {
        DiffusionPipeline model = EmojiModel.PIPELINE;
        try (Arena arena = Arena.ofShared()) {
            FloatTensor text = model.textEncoder().encode(List.of("frog", "pizza"), arena, Cancellation.none());
            FloatTensor samples = FloatTensor.allocate(
                    arena, GraphFile.batchOf(2, model.config().latentRow()));
            new PhiloxNoise(3, 0).fill(0, samples);
            float[] alone = firstRow(model, text.row(0), samples.row(0), arena);
            float[] paired = firstRow(model, text, samples, arena);
            boolean equal = Golden.largestDifference(alone, paired) == 0;
            assertThat(model.rows().minimumRows() == 2 || equal).isTrue();
        }
    }

    @Test
    void pairsARowWithItself() {
        try (Arena arena = Arena.ofConfined()) {
            Network pair = (x, timestep) -> {
                assertThat(x.shape()).isEqualTo(Shape.of(2, 3));
                assertThat(timestep).isEqualTo(7.0);
                assertThat(x.toArray()).containsExactly(1, 2, 3, 1, 2, 3);
                return x;
            };
            Network single = new PairedNetwork(pair, Shape.of(2, 3), arena);
            assertThat(single.predict(Golden.tensor(arena, 1, 2, 3), 7).toArray())
                    .containsExactly(1, 2, 3);
        }
    }

    private static float[] firstRow(DiffusionPipeline model, FloatTensor text, FloatTensor samples, Arena arena) {
        try (OnnxNetwork network = new OnnxNetwork(
                model.inference(), model.unet(), text, model.config().latentRow(), arena, Cancellation.none())) {
            return network.predict(samples, 499).row(0).toArray();
        }
    }
}
