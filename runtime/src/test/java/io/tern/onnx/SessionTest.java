package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static OnnxRuntime runtime;

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(2);
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    @Test
    void readsTheSignatureAndTheMetadata() {
        try (Session session = runtime.load(Models.AFFINE, SessionConfig.cpu())) {
            ModelSignature signature = session.signature();
            assertThat(signature.inputs())
                    .containsExactly(
                            new TensorInfo("x", ElementType.FLOAT32, Shape.of(-1, 3), List.of("batch", ""), true));
            assertThat(signature.output("y").shape()).isEqualTo(Shape.of(-1, 2));
            assertThat(signature.producer()).isEqualTo("tern");
            assertThat(signature.metadata())
                    .isEqualTo(Map.of("licence", "Apache-2.0", "note", "three in, two out, ±½"));
        }
    }

    @Test
    void computesIntoTheCallersMemoryRunAfterRun() {
        try (Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
                Binding binding = session.bind();
                Arena arena = Arena.ofConfined()) {
            FloatTensor x = FloatTensor.copyOf(arena, Shape.of(2, 3), new float[] {1, 2, 3, 0, 0, 0});
            FloatTensor y = FloatTensor.allocate(arena, Shape.of(2, 2));
            binding.input("x", Tensor.of(runtime, arena, x)).output("y", Tensor.of(runtime, arena, y));
            session.run(binding, Cancellation.none());
            assertThat(y.toArray()).containsExactly(22.5f, 27.5f, 0.5f, -0.5f);
            x.set(3, 1);
            session.run(binding, Cancellation.none());
            assertThat(y.toArray()).containsExactly(22.5f, 27.5f, 1.5f, 1.5f);
        }
    }

    @Test
    void loadsAModelFromBytes() {
        try (Session session = runtime.load(Models.bytes(Models.AFFINE), SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
            Map<String, Tensor> outputs = session.run(Map.of("x", x), arena, Cancellation.none());
            assertThat(outputs.get("y").floats().toArray()).containsExactly(22.5f, 27.5f);
        }
    }

    @Test
    void runsOnEachElementTypeAndOnScalars() {
        try (Session session = runtime.load(Models.TYPES, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            Map<String, Tensor> inputs = new HashMap<>();
            for (TensorInfo info : session.signature().inputs()) {
                Shape shape = info.shape().rank() == 0 ? Shape.of() : Shape.of(3);
                Tensor tensor = Tensor.allocate(runtime, arena, info.type(), shape);
                for (long index = 0; index < tensor.segment().byteSize(); index++) {
                    boolean bool = info.type() == ElementType.BOOL;
                    tensor.segment().set(ValueLayout.JAVA_BYTE, index, (byte) (bool ? index % 2 : 17 + index));
                }
                inputs.put(info.name(), tensor);
            }
            inputs.put("scalar", Tensor.copyOf(runtime, arena, Shape.of(), 1.25f));
            inputs.put("int64", Tensor.copyOf(runtime, arena, Shape.of(3), Long.MIN_VALUE / 2, 0L, 1L << 40));
            inputs.put("int32", Tensor.copyOf(runtime, arena, Shape.of(3), -1, 0, Integer.MAX_VALUE));
            inputs.put("uint8", Tensor.copyOf(runtime, arena, Shape.of(3), (byte) 0, (byte) 127, (byte) 255));
            inputs.get("float16").segment().copyFrom(halves(1f, -0.5f, 1000f));

            Map<String, Tensor> outputs = session.run(inputs, arena, Cancellation.none());

            for (String name :
                    List.of("float32", "uint8", "int8", "int32", "int64", "bool", "float16", "float64", "bfloat16")) {
                Tensor output = outputs.get(name + "_out");
                assertThat(output.type()).isEqualTo(inputs.get(name).type());
                assertThat(output.shape()).isEqualTo(Shape.of(3));
                assertThat(output.segment().mismatch(inputs.get(name).segment()))
                        .as(name)
                        .isEqualTo(-1);
            }
            assertThat(outputs.get("scalar_out").shape()).isEqualTo(Shape.of());
            assertThat(outputs.get("scalar_out").floats().toArray()).containsExactly(2.5f);
            assertThat(outputs.get("int64_doubled").toLongs()).containsExactly(Long.MIN_VALUE, 0, 1L << 41);
            assertThat(outputs.get("float16_doubled").segment().mismatch(halves(2f, -1f, 2000f)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void allocatesOutputsWhoseShapeOnlyTheRunKnows() {
        try (Session session = runtime.load(Models.NONZERO, SessionConfig.cpu());
                Binding binding = session.bind();
                Arena arena = Arena.ofConfined()) {
            assertThat(session.signature().output("indices").dimensionNames()).containsExactly("", "found");
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(4), 0f, 1f, 0f, 2f);
            binding.input("x", x).outputToHost("indices");
            session.run(binding, Cancellation.none());
            Tensor found = binding.outputs(arena).get("indices");
            assertThat(found.shape()).isEqualTo(Shape.of(1, 2));
            assertThat(found.toLongs()).containsExactly(1, 3);

            x.segment().fill((byte) 0);
            session.run(binding, Cancellation.none());
            Tensor nothing = binding.outputs(arena).get("indices");
            assertThat(nothing.shape()).isEqualTo(Shape.of(1, 0));
            assertThat(nothing.isOnDevice()).isFalse();
            assertThat(nothing.toLongs()).isEmpty();
            assertThat(found.toLongs()).as("the earlier run's").containsExactly(1, 3);
        }
    }

    @Test
    void takesAnyShapeWhereTheModelSaysNone() {
        try (Session session = runtime.load(Models.ANY_SHAPE, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            assertThat(session.signature().input("x").hasShape()).isFalse();
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 2, 1), 1f, 2f);
            Tensor y = session.run(Map.of("x", x), arena, Cancellation.none()).get("y");
            assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 1));
            assertThat(y.floats().toArray()).containsExactly(-1f, -2f);
        }
    }

    @Test
    void outputsOutliveTheSessionInTheirArena() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor y;
            try (Session session = runtime.load(Models.AFFINE, SessionConfig.cpu())) {
                Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
                y = session.run(Map.of("x", x), arena, Cancellation.none()).get("y");
            }
            assertThat(y.floats().toArray()).containsExactly(22.5f, 27.5f);
        }
    }

    @Test
    void refusesUnknownNamesWrongTypesAndWrongShapes() {
        try (Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
                Binding binding = session.bind();
                Arena arena = Arena.ofConfined()) {
            Tensor good = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
            Tensor longs = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1L, 2L, 3L);
            Tensor wide = Tensor.copyOf(runtime, arena, Shape.of(1, 4), 1f, 2f, 3f, 4f);
            Tensor flat = Tensor.copyOf(runtime, arena, Shape.of(3), 1f, 2f, 3f);
            assertInvalid(() -> binding.input("z", good), "input name: z (expected: one of [x])");
            assertInvalid(() -> binding.input("x", longs), "input x: INT64 [1, 3] (expected: FLOAT32 [?, 3])");
            assertInvalid(() -> binding.input("x", wide), "input x: FLOAT32 [1, 4] (expected: FLOAT32 [?, 3])");
            assertInvalid(() -> binding.input("x", flat), "input x: FLOAT32 [3] (expected: FLOAT32 [?, 3])");
            assertInvalid(() -> binding.output("x", good), "output name: x (expected: one of [y])");
            assertInvalid(() -> binding.output("y", good), "output y: FLOAT32 [1, 3] (expected: FLOAT32 [?, 2])");
            assertInvalid(() -> binding.outputToHost("q"), "output name: q (expected: one of [y])");
            assertInvalid(
                    () -> {
                        binding.outputToHost("y");
                        session.run(binding, Cancellation.none());
                    },
                    "input x: null (expected: FLOAT32 [?, 3])");
        }
    }

    @Test
    void refusesFilesThatAreNoModelsWithoutNamingTheirFolder() {
        byte[] model = Models.bytes(Models.AFFINE);
        assertInvalid(
                () -> runtime.load(Models.SHARED_WEIGHTS, SessionConfig.cpu()),
                "model: shared.weights: Protobuf parsing failed. (expected: one that ONNX Runtime 1.29.0 can load)");
        assertInvalid(
                () -> runtime.load(Arrays.copyOf(model, model.length / 2), SessionConfig.cpu()),
                "model: 113 bytes: Failed to load model because protobuf parsing failed. (expected: one that ONNX"
                        + " Runtime 1.29.0 can load)");
        assertInvalid(
                () -> runtime.load(Models.SEQUENCE, SessionConfig.cpu()),
                "model: sequence.onnx with parts: a sequence or map (expected: a tensor) (expected: tensors of numbers"
                        + " or strings as inputs and outputs)");
        assertThatThrownBy(() -> runtime.load(Models.AFFINE.resolveSibling("gone.onnx"), SessionConfig.cpu()))
                .isInstanceOfSatisfying(TernException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
                    assertThat(e).hasMessage("model: gone.onnx (expected: a readable file)");
                });
    }

    /** A number of zeros that no machine holds, and then one that each does. */
    @Test
    void aRunWithoutMemoryIsRefusedForNowAndTheNextOneRuns() {
        try (Session session = runtime.load(Models.HUNGRY, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            Tensor tooMany = Tensor.copyOf(runtime, arena, Shape.of(1), 1L << 46);
            assertThatThrownBy(() -> session.run(Map.of("count", tooMany), arena, Cancellation.none()))
                    .isInstanceOfSatisfying(TernException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                        assertThat(e).hasMessage("memory: not enough for this run now");
                    });
            Tensor few = Tensor.copyOf(runtime, arena, Shape.of(1), 10L);
            Map<String, Tensor> sum = session.run(Map.of("count", few), arena, Cancellation.none());
            assertThat(sum.get("sum").floats().toArray()).containsExactly(0f);
        }
    }

    @Test
    void keepsOnnxRuntimesOwnAnswerAsTheCause() {
        assertThatThrownBy(() -> runtime.load(new byte[] {1, 2, 3}, SessionConfig.cpu()))
                .cause()
                .isInstanceOfSatisfying(OnnxException.class, e -> {
                    assertThat(e.ortCode()).isEqualTo(7); // ORT_INVALID_PROTOBUF
                    assertThat(e.function()).isEqualTo("CREATE_SESSION_FROM_ARRAY");
                });
    }

    @Test
    void runsForAVirtualThreadWithItsConfinedArenaOnAnExecutor() throws InterruptedException {
        float[][] result = new float[2][];
        try (Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
                InferenceExecutor executor = new InferenceExecutor(1, 1)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Arena arena = Arena.ofConfined();
                                Binding binding = session.bind()) {
                            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
                            result[0] = session.run(Map.of("x", x), arena, executor, Cancellation.none())
                                    .get("y")
                                    .floats()
                                    .toArray();
                            Tensor y = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2));
                            binding.input("x", x).output("y", y);
                            executor.run(() -> session.run(binding, Cancellation.none()), Cancellation.none());
                            result[1] = y.floats().toArray();
                        }
                    })
                    .join();
        }
        assertThat(result[0]).containsExactly(22.5f, 27.5f);
        assertThat(result[1]).containsExactly(22.5f, 27.5f);
    }

    @Test
    void refusesAVirtualThread() throws InterruptedException {
        try (Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
                Binding binding = session.bind()) {
            Throwable[] thrown = new Throwable[1];
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            session.run(binding, Cancellation.none());
                        } catch (RuntimeException e) {
                            thrown[0] = e;
                        }
                    })
                    .join();
            assertThat(thrown[0]).hasMessage("thread: virtual (expected: one of an InferenceExecutor)");
        }
    }

    private static MemorySegment halves(float... values) {
        short[] bits = new short[values.length];
        for (int index = 0; index < values.length; index++) {
            bits[index] = Float.floatToFloat16(values[index]);
        }
        return MemorySegment.ofArray(bits);
    }

    private static void assertInvalid(ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage(message);
    }
}
