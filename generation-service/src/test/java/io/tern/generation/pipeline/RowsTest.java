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

    /** What one request feeds the network, be it no number at all, changes no bit of another's. */
    @Test
    void keepsTheRowsOfABatchApart() {
        DiffusionPipeline model = EmojiModel.PIPELINE;
        try (Arena arena = Arena.ofShared()) {
            FloatTensor text = model.textEncoder().encode(List.of("frog", "pizza"), arena, Cancellation.none());
            SharedUnet.Call pair = call(arena, 2, 100, text, 1);
            SharedUnet.Call single = call(arena, 1, 900, text.row(1), 2);
            SharedUnet.Call broken = call(arena, 2, 500, text, 3);
            broken.x().set(7, Float.NaN);
            model.unet().run(List.of(pair), Cancellation.none());
            float[] pairAlone = pair.output().toArray();
            model.unet().run(List.of(single), Cancellation.none());
            float[] singleAlone = single.output().toArray();
            model.unet().run(List.of(broken, single, pair), Cancellation.none());
            if (model.isBitExact()) {
                assertThat(pair.output().toArray()).isEqualTo(pairAlone);
                assertThat(single.output().toArray()).isEqualTo(singleAlone);
            }
            assertThat(broken.output().row(0).toArray()).contains(Float.NaN);
            for (float value : broken.output().row(1).toArray()) {
                assertThat(value).isFinite();
            }
        }
    }

    private static SharedUnet.Call call(Arena arena, int rows, double timestep, FloatTensor text, long seed) {
        Shape shape = GraphFile.batchOf(rows, EmojiModel.PIPELINE.config().latentRow());
        FloatTensor x = FloatTensor.allocate(arena, shape);
        new PhiloxNoise(seed, 0).fill(0, x);
        return new SharedUnet.Call(x, timestep, text, FloatTensor.allocate(arena, shape));
    }

    private static float[] firstRow(DiffusionPipeline model, FloatTensor text, FloatTensor samples, Arena arena) {
        Network network = model.unet().network(text, arena, Cancellation.none());
        return network.predict(samples, 499).row(0).toArray();
    }
}
