package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Whether a row of the U-Net has the same bits in every batch, found out on the machine at hand: kernels differ from
 * processor to processor, and one row alone often takes another path than rows in company.
 *
 * @param minimumRows fewer rows than this are never run
 * @param bitExact every batch tried, from minimumRows on, gave the same bits
 */
record RowEquality(int minimumRows, boolean bitExact) {
    private static final int[] BATCHES = {1, 2, 3, 4, 6, SharedUnet.MOST_ROWS};

    /** Any will do: the middle of the thousand. */
    private static final double TIMESTEP = 499;

    static RowEquality measure(Inference inference, Session unet, long[] latentRow, long[] textRow) {
        float[][] firstRows = new float[BATCHES.length][];
        for (int i = 0; i < BATCHES.length; i++) {
            firstRows[i] = firstRow(inference, unet, latentRow, textRow, BATCHES[i]);
        }
        boolean inCompany = allEqual(firstRows, 1);
        boolean alone = inCompany && Arrays.equals(firstRows[0], firstRows[1]);
        return new RowEquality(alone ? 1 : 2, inCompany);
    }

    private static boolean allEqual(float[][] rows, int from) {
        return Arrays.stream(rows, from, rows.length).allMatch(row -> Arrays.equals(row, rows[from]));
    }

    private static float[] firstRow(Inference inference, Session unet, long[] latentRow, long[] textRow, int rows) {
        try (Arena arena = Arena.ofShared()) {
            FloatTensor text = noise(arena, GraphFile.batchOf(rows, textRow), 0);
            FloatTensor x = noise(arena, GraphFile.batchOf(rows, latentRow), 1);
            try (OnnxNetwork network = new OnnxNetwork(inference, unet, text, latentRow, arena, Cancellation.none())) {
                return network.predict(x, TIMESTEP).row(0).toArray();
            }
        }
    }

    /** By counter, so the first row is the same in every batch and the others differ from it. */
    private static FloatTensor noise(Arena arena, Shape shape, int picture) {
        FloatTensor noise = FloatTensor.allocate(arena, shape);
        new PhiloxNoise(0, picture).fill(0, noise);
        return noise;
    }
}
