package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tern.base.Cancellation;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedWeightsTest {

    @Test
    void givesSessionsTheWeightsOfAMappedFile() throws IOException {
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Arena arena = Arena.ofShared()) {
            Tensor x = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(2, 256));
            for (int index = 0; index < 512; index++) {
                x.floats().set(index, index % 5 - 2);
            }
            float[] alone;
            try (Session session = runtime.load(Models.SHARED, SessionConfig.cpu())) {
                alone = result(session, x);
            }
            Tensor w = map(runtime, arena);
            try (SharedWeights weights = SharedWeights.of(runtime, Map.of("w", w));
                    Session first = runtime.load(Models.SHARED, SessionConfig.cpu(), weights);
                    Session second = runtime.load(Models.SHARED, SessionConfig.cpu(), weights)) {
                assertThat(result(first, x)).containsExactly(alone);
                assertThat(result(second, x)).containsExactly(alone);
                assertThatIllegalStateException()
                        .isThrownBy(weights::close)
                        .withMessage("shared weights: 2 open dependents (expected: none)");
            }
        }
    }

    @Test
    void takesThePlaceOfTheModelsOwnWeights() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2);
                Arena arena = Arena.ofShared()) {
            Tensor w = Tensor.copyOf(runtime, arena, Shape.of(3, 2), 1f, 0f, 0f, 1f, 0f, 0f);
            Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 5f, 6f, 7f);
            try (SharedWeights weights = SharedWeights.of(runtime, Map.of("w", w));
                    Session session = runtime.load(Models.AFFINE, SessionConfig.cpu(), weights)) {
                assertThat(result(session, x)).containsExactly(5.5f, 5.5f);
            }
        }
    }

    private static Tensor map(OnnxRuntime runtime, Arena arena) throws IOException {
        try (FileChannel file = FileChannel.open(Models.SHARED_WEIGHTS)) {
            MemorySegment data = file.map(MapMode.READ_ONLY, 0, file.size(), arena);
            return Tensor.over(runtime, arena, data, ElementType.FLOAT32, Shape.of(256, 256));
        }
    }

    private static float[] result(Session session, Tensor x) {
        try (Arena arena = Arena.ofConfined()) {
            return session.run(Map.of("x", x), arena, Cancellation.none())
                    .get("y")
                    .floats()
                    .toArray();
        }
    }
}
