package io.tern.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import io.tern.base.Cancellation;
import io.tern.detection.network.RawGraph;
import io.tern.detection.network.RawTensor;
import io.tern.inference.v2.InferTensorContents;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferInputTensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types that no shipped graph has, against a graph that has one input. */
class InputTensorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BOOL    | BOOL   | bool_contents: [true, false]                                | 0100
            INT8    | INT8   | int_contents: [-128, 127]                                   | 807f
            INT16   | INT16  | int_contents: [-32768, 32767]                               | 0080ff7f
            INT32   | INT32  | int_contents: [-2147483648, 2147483647]                     | 00000080ffffff7f
            INT64   | INT64  | int64_contents: [-9223372036854775808, 1]                   | 00000000000000800100000000000000
            UINT8   | UINT8  | uint_contents: [0, 255]                                     | 00ff
            UINT16  | UINT16 | uint_contents: [1, 65535]                                   | 0100ffff
            UINT32  | UINT32 | uint_contents: [1, 4294967295]                              | 01000000ffffffff
            UINT64  | UINT64 | uint64_contents: [1, 18446744073709551615]                  | 0100000000000000ffffffffffffffff
            FLOAT32 | FP32   | fp32_contents: [1, nan]                                     | 0000803f0000c07f
            FLOAT64 | FP64   | fp64_contents: [1, inf]                                     | 000000000000f03f000000000000f07f
            """)
    void typedContentsAreTheBytesOfTheirType(ElementType type, String datatype, String contents, String hex)
            throws TextFormat.ParseException {
        assertThat(HexFormat.of().formatHex(typed(type, datatype, contents).toByteArray()))
                .isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            INT8     | INT8   | int_contents: [1, 128]         | contents.int_contents[1]: 128 (expected: -128..127)
            UINT8    | UINT8  | uint_contents: [256, 0]        | contents.uint_contents[0]: 256 (expected: 0..255)
            UINT16   | UINT16 | uint_contents: [4294967295, 0] | contents.uint_contents[0]: 4294967295
            INT16    | INT16  | uint_contents: [1, 2]          | contents.uint_contents: 2 elements (expected: int_contents of INT16)
            FLOAT32  | FP32   | fp32_contents: [1]             | contents.fp32_contents: 1 elements (expected: 2 as by the shape)
            FLOAT32  | FP32   | fp32_contents: [1, 2] fp64_contents: [3] | contents.fp64_contents: 1 elements
            FLOAT16  | FP16   | fp32_contents: [1, 2]          | contents: typed FP16 (expected: raw_input_contents
            """)
    void otherTypedContentsAreRefused(ElementType type, String datatype, String contents, String why) {
        assertThatThrownBy(() -> typed(type, datatype, contents)).hasMessageStartingWith("inputs[x]." + why);
    }

    @Test
    void aTruthIsZeroOrOne() {
        assertThat(raw(ElementType.BOOL, "BOOL", 0, 1)).isEqualTo(ByteString.copyFrom(new byte[] {0, 1}));
        assertThatThrownBy(() -> raw(ElementType.BOOL, "BOOL", 0, 2))
                .hasMessage("inputs[x], raw byte 1: 2 (expected: 0 or 1 of BOOL)");
    }

    @Test
    void halfFloatsAreTakenAsTheyAre() {
        assertThat(raw(ElementType.FLOAT16, "FP16", 1, 2, 3, 4).size()).isEqualTo(4);
        assertThat(raw(ElementType.BFLOAT16, "BF16", 1, 2, 3, 4).size()).isEqualTo(4);
    }

    private static ByteString typed(ElementType type, String datatype, String contents)
            throws TextFormat.ParseException {
        InferInputTensor input = input(datatype)
                .setContents(TextFormat.parse(contents, InferTensorContents.class))
                .build();
        return read(type, ModelInferRequest.newBuilder().addInputs(input).build());
    }

    private static ByteString raw(ElementType type, String datatype, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return read(
                type,
                ModelInferRequest.newBuilder()
                        .addInputs(input(datatype))
                        .addRawInputContents(ByteString.copyFrom(bytes))
                        .build());
    }

    private static InferInputTensor.Builder input(String datatype) {
        return InferInputTensor.newBuilder().setName("x").setDatatype(datatype).addShape(2);
    }

    private static ByteString read(ElementType type, ModelInferRequest request) {
        TensorModel model = TensorModel.of("m", new OneInput(type), () -> {});
        return InputTensors.of(request, model).inputs().get("x").data();
    }

    private record OneInput(ElementType type) implements RawGraph {
        @Override
        public List<End> inputs() {
            return List.of(new End("x", type, Shape.of(-1), true));
        }

        @Override
        public List<End> outputs() {
            return List.of();
        }

        @Override
        public Map<String, RawTensor> run(
                Map<String, RawTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
            throw new AssertionError("nothing is run");
        }
    }
}
