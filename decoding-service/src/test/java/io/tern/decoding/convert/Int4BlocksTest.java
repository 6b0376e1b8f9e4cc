package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import io.tern.decoding.gguf.GgufWriter;
import io.tern.decoding.gguf.NpzFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Int4BlocksTest {
    private static final int ROWS = 8;
    private static final int COLUMNS = 96;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"F32,0.5001", "F16,0.5001", "Q8_0,0.5001", "Q4_1,1e-5"})
    void roundsByAtMostHalfAStepAndKeepsWhatHasFourBits(BlockType type, double mostSteps) throws IOException {
        Random random = new Random(1);
        float[][] rows = new float[ROWS][COLUMNS];
        for (float[] row : rows) {
            for (int i = 0; i < COLUMNS; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        try (GgufFile file =
                GgufFile.open(new GgufWriter().tensor("t", type, rows).writeTo(folder.resolve("t.gguf")))) {
            assertNear(file.tensor("t"), ROWS, mostSteps);
        }
    }

    /** Blocks of another implementation. */
    @ParameterizedTest
    @CsvSource({"Q4_0", "Q4_1", "Q4_K"})
    void keepsTheBlocksOfFourBitFiles(BlockType type) throws IOException {
        Path golden = Path.of(System.getProperty("tern.root"), "models/golden/decoding/gguf_types.npz");
        byte[] blocks = new NpzFile(golden).bytes(type + ".bytes");
        GgufWriter writer = new GgufWriter().tensor("t", type, 4, 512, blocks);
        try (GgufFile file = GgufFile.open(writer.writeTo(folder.resolve("blocks.gguf")))) {
            assertNear(file.tensor("t"), 4, 1e-4); // rounding of float32 alone
        }
    }

    private static void assertNear(GgufTensor tensor, int rows, double mostSteps) {
        Int4Blocks blocks = new Int4Blocks(tensor.columns());
        float[] exact = new float[tensor.columns()];
        for (int i = 0; i < rows; i++) {
            blocks.read(new Matrix.Row(tensor, i));
            tensor.dequantizeRow(i, exact);
            for (int j = 0; j < exact.length; j++) {
                float step = blocks.steps()[j / Int4Blocks.BLOCK];
                assertThat((double) Math.abs(value(blocks, j) - exact[j]))
                        .as("row %d, column %d", i, j)
                        .isLessThanOrEqualTo(mostSteps * Math.max(Math.abs(step), 1e-9));
            }
        }
    }

    private static float value(Int4Blocks blocks, int index) {
        int both = Byte.toUnsignedInt(blocks.packed()[index / 2]);
        int integer = index % 2 == 0 ? both & 15 : both >> 4;
        int block = index / Int4Blocks.BLOCK;
        return (integer - 8) * blocks.steps()[block] + blocks.offsets()[block];
    }

    @Test
    void keepsABlockOfOneValue() throws IOException {
        float[][] rows = new float[1][COLUMNS];
        Arrays.fill(rows[0], 2.5f);
        GgufWriter writer = new GgufWriter().tensor("t", BlockType.F32, rows);
        try (GgufFile file = GgufFile.open(writer.writeTo(folder.resolve("same.gguf")))) {
            Int4Blocks blocks = new Int4Blocks(COLUMNS);
            blocks.read(new Matrix.Row(file.tensor("t"), 0));
            assertThat(value(blocks, 5)).isEqualTo(2.5f);
        }
    }

    @Test
    void refusesRowsThatEndInsideABlock() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Int4Blocks(40));
    }
}
