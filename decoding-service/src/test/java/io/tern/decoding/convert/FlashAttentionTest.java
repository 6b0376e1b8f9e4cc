package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.base.Cancellation;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * FlashAttention (Dao et al. 2022) in our graphs: its algorithm, written out, is attention; the kernels that we use compute
 * what it computes; and their memory grows with the length of a text, not with its square.
 */
@Timeout(120)
class FlashAttentionTest {
    private static final double TOLERANCE = 2e-5;

    @Test
    void tilesGiveWhatWholeRowsGiveWhateverTheirSize() {
        SplittableRandom random = new SplittableRandom(5);
        float[][] queries = matrix(random, 37);
        float[][] keys = matrix(random, 53);
        float[][] values = matrix(random, 53);
        keys[50][0] = 60; // a score far above those before it: everything is scaled anew
        TiledAttention.Sight sight = (query, key) -> key <= query + 16 && key % 7 != 3;
        double[][] whole = naive(queries, keys, values, sight);
        for (int queryTile : new int[] {1, 8, 64}) {
            for (int keyTile : new int[] {1, 5, 16, 64}) {
                float[][] tiled = new TiledAttention(queryTile, keyTile)
                        .attend(queries, keys, values, AttentionKernels.SCALE, sight);
                assertClose(tiled, whole);
            }
        }
    }

    /** A prompt, a chain behind a past longer than any block of the kernel, and a tree behind one. */
    @Test
    void theDecodersKernelComputesIt() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Session session = AttentionKernels.decoder(runtime)) {
            checkDecoder(runtime, session, 0, 150, (row, key) -> key <= row);
            checkDecoder(runtime, session, 700, 9, (row, key) -> key <= 700 + row);
            // Two branches behind the first row: rows 1 and 2, and rows 3 and 4.
            checkDecoder(
                    runtime, session, 300, 5, (row, key) -> key <= 300 + row && !(row > 2 && key > 300 && key < 303));
        }
    }

    @Test
    void theEncodersKernelComputesIt() {
        int length = 300;
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Session session = AttentionKernels.encoder(runtime);
                Arena arena = Arena.ofConfined()) {
            long width = (long) AttentionKernels.HEADS * AttentionKernels.SIZE;
            Map<String, Tensor> inputs = new HashMap<>();
            for (String name : List.of("query", "key", "value")) {
                inputs.put(name, AttentionKernels.random(runtime, arena, name.length(), 1, length, width));
            }
            Tensor output = session.run(inputs, arena, Cancellation.none()).get("attended");
            for (int head = 0; head < AttentionKernels.HEADS; head++) {
                long offset = (long) head * AttentionKernels.SIZE;
                float[][] expected = new TiledAttention(32, 64)
                        .attend(
                                AttentionKernels.rows(inputs.get("query"), offset, length, width),
                                AttentionKernels.rows(inputs.get("key"), offset, length, width),
                                AttentionKernels.rows(inputs.get("value"), offset, length, width),
                                AttentionKernels.SCALE,
                                (_, _) -> true);
                assertClose(AttentionKernels.rows(output, offset, length, width), doubles(expected));
            }
        }
    }

    /** The control is the same process with the kernels' flash ways turned off. */
    @Test
    void memoryIsLinearInTheLengthAndQuadraticWithoutIt(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isWritable(Path.of("/proc/self/clear_refs")), "this system does not tell the peak of a run");
        Map<String, Double> flash = growth(folder, Map.of());
        Map<String, Double> naive =
                growth(folder, Map.of("ORT_GQA_DISABLE_FLASH_ATTENTION", "1", "ORT_DISABLE_FLASH_ATTENTION", "1"));
        assertThat(flash.get("decoder")).as("growth by twice the length").isLessThanOrEqualTo(2.2);
        assertThat(flash.get("encoder")).isLessThanOrEqualTo(2.2);
        assertThat(naive.get("decoder")).isGreaterThanOrEqualTo(2.7);
        assertThat(naive.get("encoder")).isGreaterThanOrEqualTo(2.7);
    }

    private static void checkDecoder(
            OnnxRuntime runtime, Session session, int past, int rows, TiledAttention.Sight sight) {
        int heads = AttentionKernels.HEADS;
        int shared = AttentionKernels.KEY_VALUE_HEADS;
        int size = AttentionKernels.SIZE;
        int total = past + rows;
        try (Arena arena = Arena.ofConfined()) {
            long width = (heads + 2L * shared) * size;
            Tensor packed = AttentionKernels.random(runtime, arena, rows, 1, rows, width);
            Tensor keys = AttentionKernels.random(runtime, arena, 1 + rows, 1, shared, total, size);
            Tensor values = AttentionKernels.random(runtime, arena, 2 + rows, 1, shared, total, size);
            Tensor bias = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 1, rows, total));
            for (int row = 0; row < rows; row++) {
                for (int key = 0; key <= past + row; key++) {
                    float added = sight.sees(row, key) ? 0 : Float.NEGATIVE_INFINITY;
                    bias.segment().setAtIndex(ValueLayout.JAVA_FLOAT, (long) row * total + key, added);
                }
            }
            Map<String, Tensor> inputs = new HashMap<>(Map.of("packed", packed, "bias", bias));
            inputs.put("past.key", keys);
            inputs.put("past.value", values);
            inputs.put("seqlens_k", Tensor.copyOf(runtime, arena, Shape.of(1), total - 1));
            inputs.put("total", Tensor.copyOf(runtime, arena, Shape.of(1), total));
            Tensor output = session.run(inputs, arena, Cancellation.none()).get("attended");
            for (int head = 0; head < heads; head++) {
                int of = head / (heads / shared);
                float[][] expected = new TiledAttention(16, 48)
                        .attend(
                                AttentionKernels.rows(packed, (long) head * size, rows, width),
                                seen(keys, packed, of, past, rows, (long) (heads + of) * size, width),
                                seen(values, packed, of, past, rows, (long) (heads + shared + of) * size, width),
                                AttentionKernels.SCALE,
                                sight);
                assertClose(
                        AttentionKernels.rows(output, (long) head * size, rows, (long) heads * size),
                        doubles(expected));
            }
        }
    }

    /** Those of the past, then those of the rows themselves. */
    private static float[][] seen(
            Tensor past, Tensor packed, int head, int pastRows, int rows, long offset, long width) {
        List<float[]> all = new ArrayList<>();
        long begin = (long) head * (pastRows + rows) * AttentionKernels.SIZE;
        all.addAll(List.of(AttentionKernels.rows(past, begin, pastRows, AttentionKernels.SIZE)));
        all.addAll(List.of(AttentionKernels.rows(packed, offset, rows, width)));
        return all.toArray(float[][]::new);
    }

    /** By kernel: peak memory at twice the length, as a multiple. */
    private static Map<String, Double> growth(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:+AlwaysPreTouch",
                        "-XX:TieredStopAtLevel=1",
                        AttentionMemory.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output);
        assertThat(ended && process.exitValue() == 0).as(text).isTrue();
        Map<String, Double> first = new HashMap<>();
        Map<String, Double> growth = new HashMap<>();
        for (String line : text.lines().toList()) {
            String[] parts = line.split(" ", 3);
            double bytes = Double.parseDouble(parts[2]);
            if (first.putIfAbsent(parts[0], bytes) != null) {
                growth.put(parts[0], bytes / first.get(parts[0]));
            }
        }
        return growth;
    }

    private static double[][] naive(float[][] queries, float[][] keys, float[][] values, TiledAttention.Sight sight) {
        double[][] output = new double[queries.length][AttentionKernels.SIZE];
        for (int query = 0; query < queries.length; query++) {
            double[] weights = new double[keys.length];
            double greatest = Double.NEGATIVE_INFINITY;
            for (int key = 0; key < keys.length; key++) {
                weights[key] = sight.sees(query, key)
                        ? AttentionKernels.SCALE * TiledAttention.dot(queries[query], keys[key])
                        : Double.NEGATIVE_INFINITY;
                greatest = Math.max(greatest, weights[key]);
            }
            double sum = 0;
            for (int key = 0; key < keys.length; key++) {
                weights[key] = Math.exp(weights[key] - greatest);
                sum += weights[key];
            }
            for (int key = 0; key < keys.length; key++) {
                for (int i = 0; i < AttentionKernels.SIZE; i++) {
                    output[query][i] += weights[key] / sum * values[key][i];
                }
            }
        }
        return output;
    }

    private static float[][] matrix(SplittableRandom random, int rows) {
        float[][] matrix = new float[rows][AttentionKernels.SIZE];
        for (float[] row : matrix) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    private static double[][] doubles(float[][] matrix) {
        double[][] doubles = new double[matrix.length][matrix[0].length];
        for (int row = 0; row < matrix.length; row++) {
            for (int i = 0; i < matrix[row].length; i++) {
                doubles[row][i] = matrix[row][i];
            }
        }
        return doubles;
    }

    private static void assertClose(float[][] actual, double[][] expected) {
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                assertThat((double) actual[row][i])
                        .as("row %d, place %d", row, i)
                        .isCloseTo(expected[row][i], within(TOLERANCE));
            }
        }
    }
}
