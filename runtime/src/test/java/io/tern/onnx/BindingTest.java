package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BindingTest {
    private static OnnxRuntime runtime;
    private static Session affine;
    private static Session accumulate;
    private final Arena arena = Arena.ofConfined(); // of each test, as JUnit makes an instance for each

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(2);
        affine = runtime.load(Models.AFFINE, SessionConfig.cpu());
        accumulate = runtime.load(Models.ACCUMULATE, SessionConfig.cpu());
    }

    @AfterAll
    static void close() {
        affine.close();
        accumulate.close();
        runtime.close();
    }

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void changesATensorInPlaceWhenItIsInputAndOutput() {
        Tensor state = Tensor.copyOf(runtime, arena, Shape.of(4), 0f, 10f, 20f, 30f);
        Tensor x = Tensor.copyOf(runtime, arena, Shape.of(4), 1f, 1f, 1f, 1f);
        try (Binding binding = accumulate.bind()) {
            binding.input("past", state).input("x", x).output("present", state);
            for (int step = 0; step < 3; step++) {
                accumulate.run(binding, Cancellation.none());
            }
        }
        assertThat(state.floats().toArray()).containsExactly(3f, 13f, 23f, 33f);
    }

    @Test
    void changesMemoryInPlaceThroughTwoTensorsOverIt() {
        Tensor past = Tensor.copyOf(runtime, arena, Shape.of(2), 1f, 2f);
        Tensor present = Tensor.over(runtime, arena, past.segment(), ElementType.FLOAT32, Shape.of(2));
        try (Binding binding = accumulate.bind()) {
            binding.input("past", past).input("x", past).output("present", present);
            accumulate.run(binding, Cancellation.none());
        }
        assertThat(past.floats().toArray()).containsExactly(2f, 4f);
    }

    @Test
    void keepsStateInDeviceTensorsBetweenRuns() {
        try (Arena device = Arena.ofConfined();
                Binding binding = accumulate.bind()) {
            Tensor state = accumulate.allocate(device, ElementType.FLOAT32, Shape.of(3));
            assertThat(state.isOnDevice())
                    .as("the CPU's device memory is the machine's")
                    .isFalse();
            state.segment().fill((byte) 0);
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(3), 1f, 2f, 3f);
            binding.input("past", state).input("x", x).output("present", state);
            accumulate.run(binding, Cancellation.none());
            accumulate.run(binding, Cancellation.none());
            assertThat(state.floats().toArray()).containsExactly(2f, 4f, 6f);
        }
    }

    @Test
    void refusesToCloseTheSessionUnderADeviceTensor() {
        Session session = runtime.load(Models.ACCUMULATE, SessionConfig.cpu());
        try (Arena device = Arena.ofShared()) {
            session.allocate(device, ElementType.FLOAT32, Shape.of(3));
            assertThatIllegalStateException()
                    .isThrownBy(session::close)
                    .withMessage("session: 1 open dependents (expected: none)");
        }
        session.close();
    }

    @Test
    void seesNewValuesAndNewTensors() {
        try (Binding binding = affine.bind()) {
            Tensor y = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2));
            binding.input("x", Tensor.copyOf(runtime, arena, Shape.of(1, 3), 0f, 0f, 0f))
                    .output("y", y);
            affine.run(binding, Cancellation.none());
            assertThat(y.floats().toArray()).containsExactly(0.5f, -0.5f);
            binding.input("x", Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 0f, 0f));
            affine.run(binding, Cancellation.none());
            assertThat(y.floats().toArray()).containsExactly(1.5f, 1.5f);
            binding.outputToDevice("y");
            affine.run(binding, Cancellation.none());
            assertThat(binding.outputs(arena).get("y").floats().toArray()).containsExactly(1.5f, 1.5f);
            assertThat(binding.outputs(arena).get("y")).isNotSameAs(y);
        }
    }

    @Test
    void bindsHostInputsAnewForDevicesWithTheSameResult() {
        try (Binding binding = affine.bind()) {
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 0f, 0f, 0f);
            Tensor y = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2));
            binding.input("x", x).output("y", y);
            x.floats().set(0, 1);
            binding.copyInputsAgain();
            affine.run(binding, Cancellation.none());
            assertThat(y.floats().toArray()).containsExactly(1.5f, 1.5f);
        }
    }

    @Test
    void failsIfTheResultDoesNotFitTheBoundOutput() {
        try (Binding binding = affine.bind()) {
            binding.input("x", Tensor.copyOf(runtime, arena, Shape.of(1, 3), 0f, 0f, 0f));
            binding.output("y", Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(2, 2)));
            assertThatThrownBy(() -> affine.run(binding, Cancellation.none()))
                    .isInstanceOf(TernException.class)
                    .cause()
                    .isInstanceOf(OnnxException.class);
        }
    }

    @Test
    void refusesToRunWithoutOutputs() {
        try (Binding binding = affine.bind()) {
            binding.input("x", Tensor.copyOf(runtime, arena, Shape.of(1, 3), 0f, 0f, 0f));
            assertThatIllegalStateException()
                    .isThrownBy(() -> affine.run(binding, Cancellation.none()))
                    .withMessage("outputs: none bound (expected: at least one)");
        }
    }

    @Test
    void refusesMemoryThatItsArenaHasClosed() {
        try (Binding binding = affine.bind()) {
            try (Arena brief = Arena.ofShared()) {
                binding.input("x", Tensor.copyOf(runtime, brief, Shape.of(1, 3), 0f, 0f, 0f));
            }
            binding.outputToHost("y");
            assertThatIllegalStateException()
                    .isThrownBy(() -> affine.run(binding, Cancellation.none()))
                    .withMessage("x: the tensor's arena is closed");
        }
    }

    @Test
    void refusesMemoryThatClosedUnderItsTensor() {
        try (Binding binding = affine.bind()) {
            try (Arena brief = Arena.ofShared()) {
                MemorySegment data = brief.allocate(12, 64);
                binding.input("x", Tensor.over(runtime, arena, data, ElementType.FLOAT32, Shape.of(1, 3)));
            }
            binding.outputToHost("y");
            assertThatIllegalStateException().isThrownBy(() -> affine.run(binding, Cancellation.none()));
        }
    }

    @Test
    void refusesToWriteToReadOnlyMemory() {
        try (Binding binding = affine.bind()) {
            MemorySegment data = arena.allocate(8, 64).asReadOnly();
            Tensor y = Tensor.over(runtime, arena, data, ElementType.FLOAT32, Shape.of(1, 2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> binding.output("y", y))
                    .withMessage("output y: read-only memory (expected: writable)");
        }
    }

    @Test
    void refusesTheBindingOfAnotherSession() {
        try (Binding binding = accumulate.bind()) {
            assertThatIllegalArgumentException().isThrownBy(() -> affine.run(binding, Cancellation.none()));
        }
    }

    @Test
    void throwsAfterClose() {
        Binding binding = affine.bind();
        Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 0f, 0f, 0f);
        binding.input("x", x).outputToHost("y");
        binding.close();
        binding.close();
        assertThatIllegalStateException().isThrownBy(() -> affine.run(binding, Cancellation.none()));
        assertThatIllegalStateException().isThrownBy(() -> binding.input("x", x));
        assertThatIllegalStateException().isThrownBy(() -> binding.outputs(arena));
        assertThatIllegalStateException().isThrownBy(binding::clearInputs);
    }
}
