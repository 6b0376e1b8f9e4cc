package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether a row of the network has the same bits in every batch, found out on the machine at hand: kernels differ from
 * processor to processor, and one row alone often takes another path than rows in company.
 *
 * @param minimumRows fewer rows than this are never run
 * @param bitExact every batch tried, from minimumRows on, gave the same bits
 */
record RowEquality(int minimumRows, boolean bitExact) {
    private static final int[] BATCHES = {1, 2, 3, 4, 6, SharedDenoiser.MOST_ROWS};
    /** As many as the largest batch has rows. */
    private static final List<String> TEXTS = List.of("a", "bird", "over", "water", "in", "the", "red", "sun");

    /** Of the first row; the others have their own, since a function may be rounded otherwise at some values alone. */
    private static final double TIMESTEP = 991;

    private static final double STRIDE = 131;

    static RowEquality measure(Inference inference, Denoiser denoiser, Conditioner conditioner) {
        PictureSize size = denoiser.space().smallest();
        Shape samples = denoiser.space().latents(TEXTS.size(), size);
        try (Arena arena = Arena.ofShared()) {
            Condition condition =
                    conditioner.condition(TEXTS, new Conditioner.Question(size, 1), arena, Cancellation.none());
            FloatTensor x = FloatTensor.allocate(arena, samples);
            new PhiloxNoise(0, 0).fill(0, x);
            BatchShape shape = BatchShape.of(samples, condition);
            int[] all = IntStream.range(0, TEXTS.size()).toArray();
            float[][] expected = answers(inference, denoiser, shape, x, condition, all);
            // Kernels take the last rows of a batch another way than the first, so each row is tried elsewhere too.
            int[] reversed = IntStream.of(all).map(row -> all.length - 1 - row).toArray();
            boolean inCompany =
                    areEqual(expected, answers(inference, denoiser, shape, x, condition, reversed), reversed);
            boolean alone = true;
            for (int rows : BATCHES) {
                int[] first = Arrays.copyOf(all, rows);
                boolean equal = areEqual(expected, answers(inference, denoiser, shape, x, condition, first), first);
                alone &= rows > 1 || equal;
                inCompany &= rows == 1 || equal;
            }
            return new RowEquality(inCompany && alone ? 1 : 2, inCompany);
        }
    }

    private static boolean areEqual(float[][] expected, float[][] answers, int[] rows) {
        return IntStream.range(0, rows.length).allMatch(i -> Arrays.equals(answers[i], expected[rows[i]]));
    }

    /** What the network says of these rows of x as one batch. */
    private static float[][] answers(
            Inference inference, Denoiser denoiser, BatchShape all, FloatTensor x, Condition condition, int[] rows) {
        try (Arena arena = Arena.ofShared();
                OnnxNetwork network = denoiser.bind(inference, all.withRows(rows.length), arena, Cancellation.none())) {
            for (int i = 0; i < rows.length; i++) {
                double timestep = TIMESTEP - (denoiser.takesTimestepOfEachRow() ? STRIDE * rows[i] : 0);
                network.put(i, x.row(rows[i]), timestep, condition.row(rows[i]));
            }
            FloatTensor said = network.run(Cancellation.none());
            return IntStream.range(0, rows.length)
                    .mapToObj(i -> said.row(i).toArray())
                    .toArray(float[][]::new);
        }
    }
}
