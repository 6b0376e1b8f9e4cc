package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TensorTest {
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
    void sharesMemoryWithItsFloatTensor() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor floats = FloatTensor.copyOf(arena, Shape.of(2, 2), new float[] {1, 2, 3, 4});
            Tensor tensor = Tensor.of(runtime, arena, floats);
            floats.set(3, 5);
            assertThat(tensor.floats().toArray()).containsExactly(1, 2, 3, 5);
            assertThat(tensor.shape()).isEqualTo(Shape.of(2, 2));
            assertThat(tensor).hasToString("FLOAT32 [2, 2]");
        }
    }

    @Test
    void viewsTheFirstBytesOfLargerMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(64, 64);
            Tensor tensor = Tensor.over(runtime, arena, data, ElementType.INT32, Shape.of(3));
            assertThat(tensor.segment().byteSize()).isEqualTo(12);
        }
    }

    @Test
    void refusesMemoryThatIsTooShortOnTheHeapOrUnaligned() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(64, 64);
            MemorySegment heap = MemorySegment.ofArray(new float[16]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.over(runtime, arena, data, ElementType.INT64, Shape.of(9)))
                    .withMessage("data: 64 bytes (expected: 72 for INT64 [9])");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.over(runtime, arena, heap, ElementType.FLOAT32, Shape.of(1)))
                    .withMessage("data: on the Java heap (expected: native memory)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.over(runtime, arena, data.asSlice(2), ElementType.FLOAT32, Shape.of(1)))
                    .withMessageContaining("aligned to 4 bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tensor.copyOf(runtime, arena, Shape.of(2), 1f))
                    .withMessage("values: 1 (expected: 2 for [2])");
        }
    }

    @Test
    void readsItsElementsAsTheirOwnTypeOnly() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor longs = Tensor.copyOf(runtime, arena, Shape.of(2), 1L, 2L);
            assertThat(longs.toLongs()).containsExactly(1, 2);
            assertThatIllegalStateException()
                    .isThrownBy(longs::floats)
                    .withMessage("tensor: INT64 (expected: FLOAT32)");
            Tensor floats = Tensor.copyOf(runtime, arena, Shape.of(), 1f);
            assertThatIllegalStateException().isThrownBy(floats::toLongs);
        }
    }

    @Test
    void mayBeEmpty() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor empty = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(0, 3));
            assertThat(empty.floats().toArray()).isEmpty();
        }
    }
}
