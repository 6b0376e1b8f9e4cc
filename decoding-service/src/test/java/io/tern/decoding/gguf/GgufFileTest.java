package io.tern.decoding.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.tern.base.TernException;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
    private static final int MUTATIONS = 200;
    private static final int TENSOR_COUNT_AT = 8;
    private static final int KEY_COUNT_AT = 16;
    private static final int FIRST_KEY_LENGTH_AT = 24;
    /** For reading a file of 2 KB; text and maps take a few hundred KB at most. */
    private static final long MAX_ALLOCATED_BYTES = 8 << 20;

    @TempDir
    private Path folder;

    private static GgufWriter small() {
        float[][] rows = new float[3][64];
        for (int i = 0; i < 3 * 64; i++) {
            rows[i / 64][i % 64] = (i % 17 - 8) / 4f;
        }
        return new GgufWriter()
                .text("general.architecture", "llama")
                .whole("a.whole", -7)
                .real("a.real", 1.5f)
                .flag("a.flag", true)
                .texts("some.texts", List.of("", "a", "naïve", "日本"))
                .wholes("some.wholes", 3, -1, 3)
                .tensor("norm", BlockType.F32, new float[][] {{1, 2, 3}})
                .tensor("half", BlockType.F16, rows)
                .tensor("four", BlockType.Q4_1, rows)
                .tensor("eight", BlockType.Q8_0, rows);
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        try (GgufFile file = GgufFile.open(small().writeTo(folder.resolve("a.gguf")))) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.text("general.architecture")).isEqualTo("llama");
            assertThat(metadata.whole("a.whole", -10, 10)).isEqualTo(-7);
            assertThat(metadata.real("a.real")).isEqualTo(1.5);
            assertThat(metadata.real("a.whole")).isEqualTo(-7);
            assertThat(metadata.flag("a.flag")).isTrue();
            assertThat(metadata.texts("some.texts")).containsExactly("", "a", "naïve", "日本");
            assertThat(metadata.wholes("some.wholes")).containsExactly(3, -1, 3);
            assertThat(file.tensors().keySet()).containsExactly("norm", "half", "four", "eight");
            GgufTensor four = file.tensor("four");
            assertThat(four.shape()).isEqualTo(Shape.of(3, 64));
            float[] row = new float[64];
            four.dequantizeRow(2, row);
            assertThat(row[0]).isCloseTo((128 % 17 - 8) / 4f, within(0.15f));
        }
    }

    @Test
    void refusesAValueOfAnotherTypeOrRange() throws IOException {
        try (GgufFile file = GgufFile.open(small().writeTo(folder.resolve("a.gguf")))) {
            GgufMetadata metadata = file.metadata();
            assertThatThrownBy(() -> metadata.whole("a.whole", 1, 9))
                    .isInstanceOf(TernException.class)
                    .hasMessage("GGUF a.whole: -7 (expected: 1..9)");
            assertThatThrownBy(() -> metadata.text("some.texts"))
                    .isInstanceOf(TernException.class)
                    .hasMessage("GGUF some.texts: array of 4 STRING (expected: text)");
            assertThatThrownBy(() -> metadata.wholes("some.texts")).isInstanceOf(TernException.class);
            assertThatThrownBy(() -> metadata.real("some.wholes")).isInstanceOf(TernException.class);
            assertThatThrownBy(() -> metadata.flag("missing"))
                    .isInstanceOf(TernException.class)
                    .hasMessage("GGUF missing: absent (expected: present)");
        }
    }

    @Test
    void refusesAFileThatIsNoGguf() {
        assertRefused(new byte[0], "magic");
        assertRefused("PK\u0003\u0004 something".getBytes(), "magic");
    }

    @Test
    void refusesOtherVersionsAndBigEndianFiles() {
        byte[] file = small().toByteArray();
        file[4] = 1;
        assertRefused(file, "version: 1 ");
        file[4] = 0;
        file[7] = 3;
        assertRefused(file, "version: 50331648 ");
    }

    @Test
    void refusesCountsThatDoNotFitIntoTheFile() {
        for (int at : new int[] {TENSOR_COUNT_AT, KEY_COUNT_AT, FIRST_KEY_LENGTH_AT}) {
            for (long count : new long[] {60_000, 1L << 40, -1, Long.MIN_VALUE}) {
                byte[] file = small().toByteArray();
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, count);
                assertRefused(file, "");
            }
        }
    }

    @Test
    void refusesTwoOfOneName() {
        assertRefused(new GgufWriter().whole("a", 1).whole("a", 2).toByteArray(), "key a: twice");
        float[][] row = {{1}};
        assertRefused(
                new GgufWriter()
                        .tensor("t", BlockType.F32, row)
                        .tensor("t", BlockType.F32, row)
                        .toByteArray(),
                "tensor t: twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 48, -32, 1 << 21})
    void refusesAnAlignmentThatIsNoPowerOfTwo(int alignment) {
        assertRefused(new GgufWriter().whole("general.alignment", alignment).toByteArray(), "general.alignment");
    }

    @Test
    void refusesTensorsThatDoNotFit() {
        byte[] none = {};
        long huge = Integer.MAX_VALUE;
        assertRefused(raw(0, new long[] {8}, 0, none), "tensor t");
        assertRefused(raw(0, new long[] {8}, 1, new byte[64]), "offset of t");
        assertRefused(raw(0, new long[] {8}, 1L << 62, new byte[64]), "t");
        assertRefused(raw(0, new long[] {huge, huge, huge, huge}, 0, none), "shape of t");
        assertRefused(raw(0, new long[] {0, 4}, 0, none), "dimension of t");
        assertRefused(raw(0, new long[] {}, 0, none), "rank of t");
        assertRefused(raw(0, new long[] {1, 1, 1, 1, 1}, 0, new byte[64]), "rank of t");
        assertRefused(raw(3, new long[] {33}, 0, new byte[64]), "row of t");
        assertRefused(raw(16, new long[] {256}, 0, new byte[256]), "type of t: IQ2_XXS");
    }

    @Test
    void answersEachOfManyMutationsWithATypedErrorOrAFileThatCanBeRead() throws IOException {
        byte[] right = small().toByteArray();
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] wrong = mutated(right, new Random(seed));
            Path path = Files.write(folder.resolve("mutated.gguf"), wrong);
            long before = allocatedBytes();
            try (GgufFile file = GgufFile.open(path)) {
                readAll(file);
            } catch (TernException e) {
                assertThat(e).hasMessageContaining("expected: ");
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertThat(allocatedBytes() - before).as("seed %d", seed).isLessThan(MAX_ALLOCATED_BYTES);
        }
        assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - 1);
    }

    /** A cut, or one to four bytes changed; most changes in the headers, which are the more interesting part. */
    private static byte[] mutated(byte[] right, Random random) {
        if (random.nextInt(5) == 0) {
            return Arrays.copyOf(right, random.nextInt(right.length));
        }
        byte[] wrong = right.clone();
        int headers = right.length / 3;
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(random.nextInt(4) == 0 ? right.length : headers);
            wrong[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextBoolean() ? 0xff : 0);
        }
        return wrong;
    }

    private static void readAll(GgufFile file) {
        file.metadata().keys().forEach(key -> readValue(file.metadata(), key));
        for (GgufTensor tensor : file.tensors().values()) {
            float[] row = new float[tensor.columns()];
            for (long i = 0; i < tensor.rows(); i++) {
                tensor.dequantizeRow(i, row);
            }
        }
    }

    private static void readValue(GgufMetadata metadata, String key) {
        boolean array = metadata.entry(key).array();
        switch (metadata.entry(key).type()) {
            case STRING ->
                assertThat(array ? metadata.texts(key) : metadata.text(key)).isNotNull();
            case BOOL -> assertThat(array ? key : metadata.flag(key)).isNotNull();
            case FLOAT32, FLOAT64 ->
                assertThat(array ? key : metadata.real(key)).isNotNull();
            default ->
                assertThat(array ? metadata.wholes(key) : metadata.real(key)).isNotNull();
        }
    }

    private static byte[] raw(int type, long[] dimensions, long offset, byte[] data) {
        return new GgufWriter().rawTensor("t", type, dimensions, offset, data).toByteArray();
    }

    private void assertRefused(byte[] file, String about) {
        assertThatThrownBy(() -> GgufFile.open(Files.write(folder.resolve("bad.gguf"), file))
                        .close())
                .isInstanceOf(TernException.class)
                .hasMessageStartingWith("GGUF ")
                .hasMessageContaining(about)
                .hasMessageContaining("expected: ");
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
