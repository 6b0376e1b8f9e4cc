package io.tern.generation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.pipeline.SharedDenoiser.Call;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.machine.Exactness;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
    /** Whatever the machine: one row is run alone only where that changes no bit. */
    @Test
    void runsARowAloneOnlyWhereItHasTheBitsOfAPair() {
        DiffusionPipeline model = EmojiModel.PIPELINE;
        try (Arena arena = Arena.ofShared()) {
            Condition two = condition(model, EmojiModel.SIZE, List.of("frog", "pizza"), arena);
            Condition one = condition(model, EmojiModel.SIZE, List.of("frog"), arena);
            FloatTensor samples = FloatTensor.allocate(arena, model.space().latents(2, EmojiModel.SIZE));
            new PhiloxNoise(3, 0).fill(0, samples);
            float[] alone = firstRow(model, one, samples.row(0), arena);
            float[] paired = firstRow(model, two, samples, arena);
            boolean equal = Golden.largestDifference(alone, paired) == 0;
            assertThat(model.rows().minimumRows() == 2 || equal).isTrue();
        }
    }

    /** What one request feeds the network, be it no number at all, changes no bit of another's. */
    @Test
    void keepsTheRowsOfABatchApart() {
        DiffusionPipeline model = EmojiModel.PIPELINE;
        try (Arena arena = Arena.ofShared()) {
            Condition texts = condition(model, EmojiModel.SIZE, List.of("frog", "pizza"), arena);
            Call pair = call(model, EmojiModel.SIZE, arena, 2, 100, texts, 1);
            Call single = call(model, EmojiModel.SIZE, arena, 1, 900, texts.row(1), 2);
            Call broken = call(model, EmojiModel.SIZE, arena, 2, 500, texts, 3);
            broken.x().set(7, Float.NaN);
            model.sharedDenoiser().run(List.of(pair), Cancellation.none());
            float[] pairAlone = pair.output().toArray();
            model.sharedDenoiser().run(List.of(single), Cancellation.none());
            float[] singleAlone = single.output().toArray();
            model.sharedDenoiser().run(List.of(broken, single, pair), Cancellation.none());
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

    /** Rows of another size are another batch; both have the bits that they have alone, whatever comes between. */
    @Test
    void keepsMemoryForEachShape() {
        try (DiffusionPipeline model = DiffusionPipeline.load(Golden.file("tiny-sd"), EmojiModel.INFERENCE);
                Arena arena = Arena.ofShared()) {
            PictureSize small = new PictureSize(32, 32);
            Call first = call(model, small, arena, 2, 100, condition(model, small, List.of("frog", "pizza"), arena), 1);
            model.sharedDenoiser().run(List.of(first), Cancellation.none());
            float[] expected = first.output().toArray();
            for (int width = 4; width <= 4 * 20; width += 4) { // more shapes than are kept
                PictureSize other = new PictureSize(width, 28);
                Condition condition = condition(model, other, List.of("a", "b"), arena);
                model.sharedDenoiser().run(List.of(call(model, other, arena, 2, 7, condition, 2)), Cancellation.none());
            }
            model.sharedDenoiser().run(List.of(first), Cancellation.none());
            assertThat(first.output().toArray()).isEqualTo(expected);
        }
    }

    @Test
    void triesANetworkOnceForEachMachine(@TempDir Path folder) {
        List<String> tried = new ArrayList<>();
        for (int threads : new int[] {1, 1, 2}) {
            RememberedRows rows = new RememberedRows(folder, EmojiModel.INFERENCE, threads);
            for (String sha256 : List.of("a", "b")) {
                Exactness found = rows.of(sha256, () -> {
                    tried.add(sha256 + threads);
                    return new Exactness(false, 2);
                });
                assertThat(found).isEqualTo(new Exactness(false, 2));
            }
        }
        assertThat(tried).containsExactly("a1", "b1", "a2", "b2");
    }

    @Test
    void believesWhatIsRemembered() {
        Exactness known = new Exactness(false, 3);
        try (DiffusionPipeline model =
                DiffusionPipeline.load(Golden.file("tiny-sd"), EmojiModel.INFERENCE, _ -> known)) {
            assertThat(model.rows()).isEqualTo(known);
            assertThat(model.isBitExact()).isFalse();
        }
    }

    private static Call call(
            DiffusionPipeline model,
            PictureSize size,
            Arena arena,
            int rows,
            double timestep,
            Condition condition,
            long seed) {
        Shape shape = model.space().latents(rows, size);
        FloatTensor x = FloatTensor.allocate(arena, shape);
        new PhiloxNoise(seed, 0).fill(0, x);
        return new Call(x, timestep, condition, Priority.LIVE, FloatTensor.allocate(arena, shape));
    }

    private static Condition condition(DiffusionPipeline model, PictureSize size, List<String> texts, Arena arena) {
        return model.conditioner()
                .condition(
                        texts.stream().map(WeightedPrompt::plain).toList(),
                        new Conditioner.Question(size, 1),
                        arena,
                        Cancellation.none());
    }

    private static float[] firstRow(DiffusionPipeline model, Condition condition, FloatTensor samples, Arena arena) {
        try (var network =
                model.sharedDenoiser().under(condition, samples.shape(), Priority.LIVE, arena, Cancellation.none())) {
            return network.predict(samples, 499).row(0).toArray();
        }
    }
}
