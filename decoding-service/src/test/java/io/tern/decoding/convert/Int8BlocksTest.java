package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import io.tern.decoding.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Int8BlocksTest {
    private static final int ROWS = 8;
    private static final int COLUMNS = 96;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "Q4_1", "Q8_0"})
    void roundsEachValueByAtMostHalfAStep(BlockType type) throws IOException {
        try (GgufFile file = file(type)) {
            GgufTensor tensor = file.tensor("t");
            Int8Blocks blocks = new Int8Blocks(COLUMNS);
            float[] exact = new float[COLUMNS];
            for (int i = 0; i < ROWS; i++) {
                blocks.read(new Matrix.Row(tensor, i));
                tensor.dequantizeRow(i, exact);
                for (int j = 0; j < COLUMNS; j++) {
                    float step = blocks.scales()[j / Int8Blocks.BLOCK];
                    double error = Math.abs(value(blocks, j) - exact[j]);
                    assertThat(error).isLessThanOrEqualTo(type == BlockType.Q8_0 ? 0 : 0.5001 * step);
                }
            }
        }
    }

    @Test
    void keepsABlockOfZeros() throws IOException {
        GgufWriter writer = new GgufWriter().tensor("t", BlockType.F32, new float[1][COLUMNS]);
        try (GgufFile file = GgufFile.open(writer.writeTo(folder.resolve("zeros.gguf")))) {
            Int8Blocks blocks = new Int8Blocks(COLUMNS);
            blocks.read(new Matrix.Row(file.tensor("t"), 0));
            assertThat(blocks.scales()).containsOnly(0);
            assertThat(value(blocks, 5)).isZero();
        }
    }

    @Test
    void refusesRowsThatEndInsideABlock() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Int8Blocks(40));
    }

    private static float value(Int8Blocks blocks, int index) {
        int integer = Byte.toUnsignedInt(blocks.integers()[index]) - 128;
        return integer * blocks.scales()[index / Int8Blocks.BLOCK];
    }

    private GgufFile file(BlockType type) throws IOException {
        Random random = new Random(1);
        float[][] rows = new float[ROWS][COLUMNS];
        for (float[] row : rows) {
            for (int i = 0; i < COLUMNS; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return GgufFile.open(new GgufWriter().tensor("t", type, rows).writeTo(folder.resolve("t.gguf")));
    }
}
