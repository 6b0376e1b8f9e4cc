package io.tern.decoding.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BlockTypeTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 512;
    private static final NpzFile REFERENCE =
            new NpzFile(Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/gguf_types.npz"));

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void givesExactlyTheValuesOfTheReferenceImplementation(BlockType type) throws IOException {
        MemorySegment blocks = MemorySegment.ofArray(REFERENCE.bytes(type + ".bytes"));
        float[] expected = REFERENCE.floats(type + ".float");
        long rowBytes = blocks.byteSize() / ROWS;
        assertThat(rowBytes).isEqualTo((long) COLUMNS / type.elements() * type.sizeBytes());
        float[] row = new float[COLUMNS];
        for (int i = 0; i < ROWS; i++) {
            type.dequantize(blocks.asSlice(i * rowBytes, rowBytes), COLUMNS / type.elements(), row);
            assertThat(row).isEqualTo(Arrays.copyOfRange(expected, i * COLUMNS, (i + 1) * COLUMNS));
        }
    }

    @ParameterizedTest
    @CsvSource({"9, Q8_1", "15, Q8_K", "16, IQ2_XXS", "39, MXFP4", "77, number 77", "-1, number 4294967295"})
    void refusesOtherTypesByName(int code, String name) {
        assertThatThrownBy(() -> BlockType.of(code, "blk.0.attn_q.weight"))
                .isInstanceOf(TernException.class)
                .hasMessage("GGUF type of blk.0.attn_q.weight: " + name
                        + " (expected: F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL,"
                        + " IQ4_XS)");
    }

    @Test
    void readsFloatsAsTheyAre() {
        float[] values = {1.5f, -0f, Float.MIN_VALUE};
        byte[] bytes = new byte[12];
        MemorySegment row = MemorySegment.ofArray(bytes);
        for (int i = 0; i < values.length; i++) {
            row.set(Cursor.FLOAT, 4L * i, values[i]);
        }
        float[] read = new float[3];
        BlockType.F32.dequantize(row, 3, read);
        assertThat(read).isEqualTo(values);
    }
}
