package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.graph.Inference;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.schedule.NoisePath;
import io.tern.machine.Exactness;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tries whether a row of the network has the same bits in every batch: kernels differ from processor to processor, and one
 * row alone often takes another path than rows in company.
 */
final class RowEquality {
    /** To be raised when something else is tried. */
    static final int VERSION = 1;

    /** As many as the largest batch has rows. */
    private static final List<WeightedPrompt> TEXTS = Stream.of("a", "bird", "over", "water", "in", "the", "red", "sun")
            .map(WeightedPrompt::plain)
            .toList();

    private RowEquality() {}

    static Exactness measure(
            Inference inference, Denoiser denoiser, Conditioner conditioner, SchedulerConfig scheduler) {
        PictureSize size = denoiser.space().smallest();
        Shape samples = denoiser.space().latents(TEXTS.size(), size);
        try (Arena arena = Arena.ofShared()) {
            Condition condition =
                    conditioner.condition(TEXTS, new Conditioner.Question(size, 1), arena, Cancellation.none());
            FloatTensor x = FloatTensor.allocate(arena, samples);
            new PhiloxNoise(0, 0).fill(0, x);
            BatchShape shape = BatchShape.of(samples, condition);
            double[] levels = levels(denoiser, scheduler);
            int[] all = IntStream.range(0, TEXTS.size()).toArray();
            float[][] expected = answers(inference, denoiser, shape, x, levels, condition, all);
            // Kernels take the last rows of a batch another way than the first, so each row is tried elsewhere too.
            int[] reversed = IntStream.of(all).map(row -> all.length - 1 - row).toArray();
            boolean inCompany =
                    areEqual(expected, answers(inference, denoiser, shape, x, levels, condition, reversed), reversed);
            for (int rows = 2; rows < all.length && inCompany; rows++) {
                int[] first = Arrays.copyOf(all, rows);
                inCompany = areEqual(expected, answers(inference, denoiser, shape, x, levels, condition, first), first);
            }
            // Each of them: what differs in one row by a bit may be rounded away behind, in another it is not.
            boolean alone = inCompany;
            for (int row = 0; row < all.length && alone; row++) {
                int[] only = {row};
                alone = areEqual(expected, answers(inference, denoiser, shape, x, levels, condition, only), only);
            }
            return new Exactness(inCompany, alone ? 1 : 2);
        }
    }

    /** Each row has its own where it may, since a function may be rounded otherwise at some values alone. */
    private static double[] levels(Denoiser denoiser, SchedulerConfig scheduler) {
        NoisePath path = scheduler.schedule().path();
        double[] levels = new double[TEXTS.size()];
        for (int row = 0; row < levels.length; row++) {
            double fraction = denoiser.takesTimestepOfEachRow() ? (row + 0.1) / levels.length : 0.1;
            double timestep = path.most().timestep() * (1 - fraction);
            levels[row] = scheduler.told().applyAsDouble(path.atTimestep(timestep));
        }
        return levels;
    }

    private static boolean areEqual(float[][] expected, float[][] answers, int[] rows) {
        return IntStream.range(0, rows.length).allMatch(i -> Arrays.equals(answers[i], expected[rows[i]]));
    }

    /** What the network says of these rows of x as one batch. */
    private static float[][] answers(
            Inference inference,
            Denoiser denoiser,
            BatchShape all,
            FloatTensor x,
            double[] levels,
            Condition condition,
            int[] rows) {
        try (Arena arena = Arena.ofShared();
                OnnxNetwork network = denoiser.bind(inference, all.withRows(rows.length), arena, Cancellation.none())) {
            for (int i = 0; i < rows.length; i++) {
                network.put(i, x.row(rows[i]), levels[rows[i]], condition.row(rows[i]));
            }
            FloatTensor said = network.run(Cancellation.none());
            return IntStream.range(0, rows.length)
                    .mapToObj(i -> said.row(i).toArray())
                    .toArray(float[][]::new);
        }
    }
}
