package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrtFunctionTest {

    @Test
    void listsEachPlaceOnceAndInOrder() {
        int[] places =
                Arrays.stream(OrtFunction.values()).mapToInt(OrtFunction::index).toArray();
        assertThat(places).isSorted().doesNotHaveDuplicates();
        assertThat(places[places.length - 1]).isLessThan(OrtLibrary.API_MEMBERS);
    }

    /** A wrong index calls another function, which crashes or answers nonsense: so each must have been called once. */
    @Test
    void everyFunctionOfTheTableWorksWhenCalled() {
        OrtApi api;
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Arena arena = Arena.ofShared()) {
            api = runtime.api();
            assertThat(runtime.providers()).contains("CPUExecutionProvider");
            runInEveryWay(runtime, arena);
            passStrings(runtime, arena);
            shareWeights(runtime, arena);
            askForCuda(runtime, arena);
        }
        Set<OrtFunction> neverCalled = EnumSet.complementOf(EnumSet.copyOf(api.called()));
        assertThat(neverCalled).isEmpty();
    }

    private static void runInEveryWay(OnnxRuntime runtime, Arena arena) {
        SessionConfig config = SessionConfig.cpu().withEntry("session.disable_prepacking", "0");
        try (Session session = runtime.load(Models.AFFINE, config);
                Binding binding = session.bind();
                Arena device = Arena.ofConfined()) {
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
            binding.input("x", x).output("y", session.allocate(device, ElementType.FLOAT32, Shape.of(1, 2)));
            binding.copyInputsAgain();
            session.run(binding, Cancellation.none());
            binding.clearOutputs();
            binding.outputToDevice("y");
            session.run(binding, Cancellation.none());
            assertThat(binding.outputs(arena).get("y").floats().toArray()).containsExactly(22.5f, 27.5f);
            binding.clearInputs();
        }
        endARun(runtime, arena);
    }

    private static void endARun(OnnxRuntime runtime, Arena arena) {
        try (Session session = runtime.load(Models.bytes(Models.LOOP), SessionConfig.cpu())) {
            Map<String, Tensor> inputs = Map.of(
                    "steps", Tensor.copyOf(runtime, arena, Shape.of(), Long.MAX_VALUE),
                    "x", Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(64, 64)));
            Cancellation soon = Cancellation.withTimeout(20_000_000);
            assertThatThrownBy(() -> session.run(inputs, arena, soon)).hasMessageContaining("deadline");
        }
    }

    private static void passStrings(OnnxRuntime runtime, Arena arena) {
        try (Session session = runtime.load(Models.STRINGS, SessionConfig.cpu())) {
            MemorySegment one = MemorySegment.ofArray(new byte[] {1, 0, 0, 0, 'a'});
            Tensor text = Strings.copyOf(runtime, arena, Shape.of(1), one);
            Tensor same = session.run(Map.of("text", text), arena, Cancellation.none())
                    .get("same");
            assertThat(Strings.of(runtime, same, arena).mismatch(one)).isEqualTo(-1);
        }
    }

    private static void shareWeights(OnnxRuntime runtime, Arena arena) {
        MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, Models.bytes(Models.SHARED_WEIGHTS));
        Tensor w = Tensor.over(runtime, arena, data, ElementType.FLOAT32, Shape.of(256, 256));
        SessionConfig config = SessionConfig.cpu()
                .withEntry(
                        "session.model_external_initializers_file_folder_path",
                        Models.SHARED.getParent().toString());
        try (SharedWeights weights = SharedWeights.of(runtime, Map.of("w", w));
                Session fromFile = runtime.load(Models.SHARED, SessionConfig.cpu(), weights);
                Session fromBytes = runtime.load(Models.bytes(Models.SHARED), config, weights)) {
            assertThat(fromBytes.signature()).isEqualTo(fromFile.signature());
        }
    }

    /** Without CUDA in the library these answer "not enabled in this build" before they look at their arguments. */
    private static void askForCuda(OnnxRuntime runtime, Arena arena) {
        OrtApi api = runtime.api();
        MemorySegment none = MemorySegment.NULL;
        MemorySegment name = arena.allocateFrom("device_id");
        if (!runtime.cudaAvailable()) {
            assertThatThrownBy(() -> api.call(OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS, none, name, name, 0))
                    .hasMessageContaining("CUDA")
                    .extracting(e -> ((OnnxException) e).ortCode())
                    .isEqualTo(OnnxException.FAIL);
            assertThatThrownBy(
                            () -> api.call(OrtFunction.SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2, name, none))
                    .hasMessageContaining("CUDA");
            api.invoke(OrtFunction.RELEASE_CUDA_PROVIDER_OPTIONS, none);
        } else {
            runtime.load(Models.AFFINE, SessionConfig.on(ExecutionProvider.Cuda.device(0)))
                    .close();
        }
    }
}
