package io.tern.wire.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelInferResponse.InferOutputTensor;
import io.tern.wire.inference.InferJson.Question;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferJsonTest {
    private static final BinaryOutputs NONE = new BinaryOutputs(false, Map.of());

    @Test
    void readsWhatARequestSays() {
        Question question = json("""
                {'id': '42', 'model_name': 'm', 'parameters': {'timeout': 7, 'binary_data_output': true, 'x': 'y'},
                 'inputs': [{'data': [[1, 2], [3, 4]], 'name': 'a', 'shape': [2, 2], 'datatype': 'UINT8',
                             'parameters': {'z': 0.5}}],
                 'outputs': [{'name': 'o', 'parameters': {'binary_data': false}}, {'name': 'p'}]}""");
        ModelInferRequest request = question.request();
        assertThat(request.getModelName()).isEqualTo("m");
        assertThat(request.getId()).isEqualTo("42");
        assertThat(request.getParametersMap())
                .containsOnly(
                        Map.entry(
                                "timeout",
                                InferParameter.newBuilder().setInt64Param(7).build()),
                        Map.entry(
                                "x",
                                InferParameter.newBuilder().setStringParam("y").build()));
        assertThat(request.getInputs(0).getShapeList()).containsExactly(2L, 2L);
        assertThat(request.getInputs(0).getParametersOrThrow("z").getDoubleParam())
                .isEqualTo(0.5);
        assertThat(request.getRawInputContentsList()).containsExactly(ByteString.copyFrom(new byte[] {1, 2, 3, 4}));
        assertThat(question.binary().of("o")).isFalse();
        assertThat(question.binary().of("p")).isTrue();
    }

    @Test
    void readsTensorsBehindTheJsonInTheirOrder() {
        String json = """
                {'inputs': [{'name': 'a', 'shape': [2], 'datatype': 'INT16', 'parameters': {'binary_data_size': 4}},
                            {'name': 'b', 'shape': [1], 'datatype': 'BOOL', 'data': [true]},
                            {'name': 'c', 'shape': [1], 'datatype': 'FP16', 'parameters': {'binary_data_size': 2}}]}""";
        ModelInferRequest request =
                binary(json, new byte[] {1, 2, 3, 4, 5, 6}, 0).request();
        assertThat(request.getRawInputContentsList())
                .containsExactly(
                        ByteString.copyFrom(new byte[] {1, 2, 3, 4}),
                        ByteString.copyFrom(new byte[] {1}),
                        ByteString.copyFrom(new byte[] {5, 6}));
        refused(
                () -> binary(json, new byte[] {1, 2, 3, 4, 5}, 0),
                "inputs[c].parameters.binary_data_size: 2 (expected: at most the 1 bytes");
        refused(() -> binary(json, new byte[7], 0), "body: 1 bytes too many");
        refused(() -> binary(json, new byte[6], 7), "Inference-Header-Content-Length: ");
        refused(() -> binary(json, new byte[6], -1), "body: broken JSON");
        refused(
                () -> json(json),
                "inputs[a].parameters.binary_data_size: 4 (expected: at most the 0 bytes that follow)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BOOL   | [true, false]                               | 0100
            INT8   | [-128, 127]                                 | 807f
            INT16  | [-32768, 32767]                             | 0080ff7f
            INT32  | [-2147483648, 2147483647]                   | 00000080ffffff7f
            INT64  | [-9223372036854775808, 9223372036854775807] | 0000000000000080ffffffffffffff7f
            UINT8  | [0, 255]                                    | 00ff
            UINT16 | [0, 65535]                                  | 0000ffff
            UINT32 | [1, 4294967295]                             | 01000000ffffffff
            UINT64 | [1, 18446744073709551615]                   | 0100000000000000ffffffffffffffff
            FP32   | [1, -0.0]                                   | 0000803f00000080
            FP32   | [Infinity, -Infinity]                       | 0000807f000080ff
            FP32   | [1e-45, 3.4028235e38]                       | 01000000ffff7f7f
            FP64   | [NaN, 0.1]                                  | 000000000000f87f9a9999999999b93f
            BYTES  | ["", "aü\\n"]                                | 000000000400000061c3bc0a
            """)
    void eachTypeHasItsBytesAndComesBackTheSame(Datatype datatype, String data, String hex) {
        Question question = json(tensor("[2]", datatype, data));
        ByteString raw = question.request().getRawInputContents(0);
        assertThat(java.util.HexFormat.of().formatHex(raw.toByteArray())).isEqualTo(hex);
        String written =
                new String(InferAnswer.of(response(datatype, raw), NONE).body(), StandardCharsets.UTF_8);
        String again = written.substring(
                written.indexOf("\"data\":") + 7, written.indexOf(']', written.indexOf("\"data\":")) + 1);
        assertThat(json(tensor("[2]", datatype, again)).request().getRawInputContents(0))
                .isEqualTo(raw);
    }

    /** Half way between two floats as a double, and nearer to one of them in decimals. */
    @Test
    void roundsDecimalsOnce() {
        ByteString raw = json(tensor("[1]", Datatype.FP32, "[1.00000005960464477540]"))
                .request()
                .getRawInputContents(0);
        float once = Float.parseFloat("1.00000005960464477540");
        assertThat(once).isNotEqualTo((float) Double.parseDouble("1.00000005960464477540"));
        assertThat(raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getFloat())
                .isEqualTo(once);
    }

    @Test
    void whoReadsDoublesHasTheBitsOfFloats() {
        Random random = new Random(7);
        ByteBuffer floats = ByteBuffer.allocate(4 * 5000).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            float value = Float.intBitsToFloat(random.nextInt());
            floats.putFloat(Float.isFinite(value) ? value : 1);
        }
        ByteString raw = ByteString.copyFrom(floats.flip().duplicate());
        String written =
                new String(InferAnswer.of(response(Datatype.FP32, raw), NONE).body(), StandardCharsets.UTF_8);
        String[] numbers = written.substring(
                        written.indexOf("\"data\":[") + 8, written.indexOf(']', written.indexOf("\"data\":")))
                .split(",");
        for (String number : numbers) {
            assertThat((float) Double.parseDouble(number)).isEqualTo(floats.getFloat());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [2]    | INT8   | [1, 128]             | data[1]: 128 (expected: INT8, -128..127)
            [2]    | UINT8  | [-1, 0]              | data[0]: -1 (expected: UINT8, 0..255)
            [2]    | UINT64 | [18446744073709551616, 0] | data[0]: 18446744073709551616
            [2]    | INT64  | [9223372036854775808, 0]  | data[0]: 9223372036854775808
            [2]    | INT32  | [1.0, 2]             | data[0]: 1.0 (expected: INT32
            [2]    | BOOL   | [1, 0]               | data[0]: 1 (expected: true or false)
            [2]    | FP32   | ["1", 2]             | data[0]: "1" (expected: a number of FP32)
            [2]    | FP32   | [null, 2]            | data[0]: null
            [2]    | FP32   | [1e39, 2]            | data[0]: 1e39 (expected: a number within FP32
            [2]    | FP64   | [1e999, 2]           | data[0]: 1e999
            [2]    | BYTES  | ["a", 1]             | data[1]: 1 (expected: a string; bytes that are no text
            [2]    | BYTES  | ["a"]                | data: 1 elements (expected: 2 of shape [2])
            [2]    | BYTES  | ["a", "b", "c"]      | data: more elements (expected: 2 of shape [2])
            [2]    | FP16   | [1, 2]               | data: FP16 in decimal (expected: binary data
            [2]    | INT8   | [1, 2, 3]            | data: more elements (expected: 2 of shape [2])
            [3]    | INT8   | [1, 2]               | data: 2 elements (expected: 3 of shape [3])
            [2, 2] | INT8   | [[1, 2], [3]]        | data: 1 items in axis 1 (expected: 2 of shape [2, 2])
            [2, 2] | INT8   | [[1, 2, 3], [4]]     | data: 3 items in axis 1
            [2, 2] | INT8   | [[1, 2], 3, 4]       | data: 3 (expected: an array in each place
            [2, 2] | INT8   | [1, [2, 3, 4]]       | data[1]: an array (expected: INT8
            [2, 2] | INT8   | [[[1, 2, 3, 4]]]     | data: arrays to depth more than 2
            [2, 2, 1] | INT8 | [[1, 2], [3, 4]]    | data: arrays to depth 2 (expected: 3
            [9999] | INT64  | [1]                  | data: 3 characters (expected: 9999 elements
            """)
    void refusesDataThatAreNotOfTheTypeAndShape(String shape, String datatype, String data, String why) {
        refused(
                () -> json("{'inputs': [{'name': 'a', 'shape': %s, 'datatype': '%s', 'data': %s}]}"
                        .formatted(shape, datatype, data)),
                "inputs[a]." + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-1]",
                "[-1, -1]",
                "[9223372036854775807, 9223372036854775807]",
                "[4294967296, 4294967296]",
                "[8000001]",
                "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"
            })
    void refusesShapesThatNothingCanHave(String shape) {
        refused(() -> json(tensor(shape, Datatype.INT32, "[1]")), "inputs[a].shape: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                            | body: an array (expected: an object)
            {'inputs': {}}                                | inputs: an object (expected: an array)
            {'x': 1}                                      | x: unknown field
            {'model_name': 'n'}                           | model_name: n (expected: m, as in the path)
            {'inputs': [{'y': 1}]}                        | inputs[0].y: unknown field
            {'inputs': [{'shape': [1.5]}]}                | inputs[0].shape: 1.5
            {'inputs': [{'name': 'a'}]}                   | inputs[0].data: null
            {'outputs': [{'parameters': {'a': []}}]}      | outputs[0].parameters.a: an array
            {'parameters': {'binary_data_output': 'yes'}} | parameters.binary_data_output: "yes" (expected: true or false)
            {'inputs': [{'data': [1], 'parameters': {'binary_data_size': 1}}]} | inputs[0].data: set beside binary_data_size
            {'inputs': [{'parameters': {'binary_data_size': -1}}]} | inputs[0].parameters.binary_data_size: -1
            {'inputs': []} x                              | body: broken JSON
            {'id': 'a', 'id': 'b'}                        | body: duplicate key
            {'id': '\\ud800'}                             | body: half of a surrogate pair
            {'inputs': [                                  | body: broken JSON
            """)
    void refusesWhatIsNoRequest(String body, String why) {
        refused(() -> json(body), why);
    }

    @Test
    void aScalarAndNothingAreTensorsToo() {
        assertThat(json(tensor("[]", Datatype.UINT8, "[7]")).request().getRawInputContents(0))
                .isEqualTo(ByteString.copyFrom(new byte[] {7}));
        assertThat(json(tensor("[0, 3]", Datatype.INT64, "[]")).request().getRawInputContents(0))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Datatype.class,
            names = {"FP16", "BF16"})
    void halfFloatsAreAnsweredAsBytesAlone(Datatype half) {
        ModelInferResponse response = response(half, ByteString.copyFrom(new byte[] {1, 2, 3, 4}));
        refused(() -> InferAnswer.of(response, NONE), "outputs[o]: " + half + " in decimal");
        InferAnswer answer = InferAnswer.of(response, new BinaryOutputs(true, Map.of()));
        assertThat(answer.isBinary()).isTrue();
        assertThat(answer.body()).endsWith(1, 2, 3, 4).hasSize(answer.headerLength() + 4);
    }

    @Test
    void longAndManyStringsAreBoundedTogether() {
        String picture = "x".repeat(1_000_000);
        assertThat(json(tensor("[1]", Datatype.BYTES, "[\"" + picture + "\"]"))
                        .request()
                        .getRawInputContents(0)
                        .size())
                .isEqualTo(1_000_004);
        refused(
                () -> json(tensor("[1048577]", Datatype.BYTES, "[\"\"" + ",\"\"".repeat(1 << 20) + "]")),
                "inputs[a].shape: [1048577] (expected: at most 1048576 strings)");
        refused(
                () -> json(tensor("[1]", Datatype.BYTES, "[\"" + "x".repeat(32_000_000) + "\"]")),
                "inputs: 32000004 bytes (expected: at most 32000000)");
    }

    @Test
    void stringsThatAreNoTextAreAnsweredAsBytesAlone() {
        ByteString raw = BytesElements.of(
                java.util.List.of(ByteString.copyFromUtf8("a"), ByteString.copyFrom(new byte[] {(byte) 0xff})));
        refused(
                () -> InferAnswer.of(response(Datatype.BYTES, raw), NONE),
                "outputs[o]: bytes that are no UTF-8, in JSON (expected: binary_data)");
        assertThat(InferAnswer.of(response(Datatype.BYTES, raw), new BinaryOutputs(true, Map.of()))
                        .body())
                .endsWith(1, 0, 0, 0, 'a', 1, 0, 0, 0, 0xff);
    }

    private static String tensor(String shape, Datatype datatype, String data) {
        return "{'inputs': [{'name': 'a', 'shape': %s, 'datatype': '%s', 'data': %s}]}"
                .formatted(shape, datatype, data);
    }

    private static ModelInferResponse response(Datatype datatype, ByteString raw) {
        return ModelInferResponse.newBuilder()
                .setModelName("m")
                .addOutputs(InferOutputTensor.newBuilder()
                        .setName("o")
                        .setDatatype(datatype.name())
                        .addShape(raw.size() / datatype.sizeBytes()))
                .addRawOutputContents(raw)
                .build();
    }

    private static Question json(String singleQuoted) {
        return question(bytes(singleQuoted), null);
    }

    /** @param more bytes that the header claims beside the JSON's own */
    private static Question binary(String singleQuoted, byte[] behind, int more) {
        byte[] json = bytes(singleQuoted);
        byte[] body = ByteBuffer.allocate(json.length + behind.length)
                .put(json)
                .put(behind)
                .array();
        return question(body, Integer.toString(json.length + more));
    }

    private static Question question(byte[] body, @Nullable String headerLength) {
        return InferJson.question("m", "", body, headerLength);
    }

    private static byte[] bytes(String singleQuoted) {
        return singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, String why) {
        TernException refusal = catchThrowableOfType(TernException.class, reading);
        assertThat(refusal).isNotNull().hasMessageStartingWith(why);
    }
}
