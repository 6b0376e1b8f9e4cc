package io.tern.decoding.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.tern.base.TernException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    private static final int MUTATIONS = 500;
    /** What any reader takes: buffers of the JSON parser, a mapping, an error. */
    private static final long FIXED_BYTES = 1 << 18;

    @TempDir
    private Path folder;

    private static byte[] right() {
        return new SafetensorsWriter()
                .tensor("model.norm.weight", NumberType.F32, new long[] {3}, 1, 2, 3)
                .tensor("half", NumberType.F16, new long[] {2, 2}, 1, -2, 0.5f, 65504)
                .tensor("brain", NumberType.BF16, new long[] {1, 2}, 1.5f, -3e38f)
                .toByteArray();
    }

    private SafetensorsFile open(byte[] bytes) throws IOException {
        return SafetensorsFile.open(Files.write(folder.resolve("a.safetensors"), bytes));
    }

    @ParameterizedTest
    @EnumSource
    void readsExactlyWhatIsStored(NumberType type) throws IOException {
        float[] values = {0, -0f, 1, -1.5f, 0.25f, 3};
        byte[] file = new SafetensorsWriter()
                .tensor("before", NumberType.F32, new long[] {1}, 9)
                .tensor("t", type, new long[] {2, 3}, values)
                .toByteArray();
        try (SafetensorsFile opened = open(file)) {
            SafeTensor tensor = opened.tensors().get("t");
            assertThat(tensor.rows()).isEqualTo(2);
            assertThat(tensor.columns()).isEqualTo(3);
            float[] row = new float[3];
            for (int i = 0; i < 2; i++) {
                tensor.dequantizeRow(i, row);
                assertThat(row).isEqualTo(Arrays.copyOfRange(values, 3 * i, 3 * i + 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,2],\"data_offsets\":[0,8]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
                "{\"t\":{\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"t\":[]}",
                "[]",
                "{",
                "{\"t\":",
                "  "
            })
    void refusesAHeaderThatMakesNoSense(String header) {
        assertThatThrownBy(() -> open(SafetensorsWriter.file(header, new byte[8])))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void refusesALengthThatDoesNotFit() {
        for (long length : new long[] {-1, 0, 1, 1L << 40, Long.MAX_VALUE, right().length - 7}) {
            byte[] file = right();
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            assertThatThrownBy(() -> open(file))
                    .isInstanceOf(TernException.class)
                    .hasMessageStartingWith("safetensors header length: ");
        }
        assertThatThrownBy(() -> open(new byte[5])).isInstanceOf(TernException.class);
        assertThatThrownBy(() -> open(new byte[0])).isInstanceOf(TernException.class);
    }

    @Test
    void answersEachOfManyMutationsWithATypedErrorOrAFileThatCanBeRead() throws IOException {
        byte[] right = right();
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] wrong = mutated(right, new Random(seed));
            long before = allocatedBytes();
            try (SafetensorsFile file = open(wrong)) {
                file.tensors().values().forEach(SafetensorsFileTest::readAll);
            } catch (TernException e) {
                refused++;
            }
            assertThat(allocatedBytes() - before)
                    .as("bytes allocated with seed %d", seed)
                    .isLessThan(2L * wrong.length + FIXED_BYTES);
        }
        assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - 1);
    }

    /** The bound above is not met by chance: a header that is all names asks for no more than twice its size. */
    @Test
    void asksForLittleMemoryWhateverTheHeaderHolds() throws IOException {
        String metadata = "{\"__metadata__\":{%s\"z\":\"\"}}".formatted("\"a\":\"b\",".repeat(400_000));
        String nested = "{\"__metadata__\":" + "[".repeat(300) + "]".repeat(300) + "}";
        for (String header : new String[] {metadata, nested, "{\"a\":" + "[".repeat(2_000_000)}) {
            byte[] file = SafetensorsWriter.file(header, new byte[0]);
            Path path = Files.write(folder.resolve("a.safetensors"), file);
            long before = allocatedBytes();
            try (SafetensorsFile opened = SafetensorsFile.open(path)) {
                assertThat(opened.tensors()).isEmpty();
            } catch (TernException expected) {
                assertThat(expected).hasMessageStartingWith("safetensors ");
            }
            assertThat(allocatedBytes() - before).isLessThan(2L * file.length + FIXED_BYTES);
        }
    }

    private static void readAll(SafeTensor tensor) {
        float[] row = new float[tensor.columns()];
        for (long i = 0; i < tensor.rows(); i++) {
            tensor.dequantizeRow(i, row);
        }
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static byte[] mutated(byte[] right, Random random) {
        byte[] wrong = random.nextInt(4) == 0 ? Arrays.copyOf(right, random.nextInt(right.length)) : right.clone();
        int changes = wrong.length == 0 ? 0 : 1 + random.nextInt(3);
        byte[] likely = "0123456789{}[],:\"-e".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < changes; i++) {
            byte value = random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt();
            wrong[random.nextInt(wrong.length)] = value;
        }
        return wrong;
    }
}
