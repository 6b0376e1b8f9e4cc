package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.onnx.OnnxRuntime;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class FixedKvMemoryTest {
    private static final KvLayout LAYOUT = new KvLayout(3, 2, 5, ElementType.FLOAT32);
    private static final int POSITIONS = 7;

    @Test
    void tensorsAreAlignedWhateverTheirSizeAndDoNotOverlap() {
        try (OnnxRuntime runtime = OnnxRuntime.open(SmolLm.THREADS);
                FixedKvMemory memory = new FixedKvMemory(runtime, KvMemory.Allocation.ORDINARY, LAYOUT, POSITIONS)) {
            for (int i = 0; i < LAYOUT.tensors(); i++) {
                MemorySegment tensor = memory.tensor(i).segment();
                assertThat(memory.tensor(i).shape()).isEqualTo(Shape.of(1, 2, POSITIONS, 5));
                assertThat(tensor.byteSize()).isEqualTo(LAYOUT.tensorBytes(POSITIONS));
                assertThat(tensor.address() % KvMemory.ALIGNMENT_BYTES).isZero();
                assertThat(tensor.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
                tensor.fill((byte) (i + 1));
            }
            for (int i = 0; i < LAYOUT.tensors(); i++) {
                assertThat(memory.tensor(i).segment().toArray(ValueLayout.JAVA_BYTE))
                        .containsOnly(i + 1);
            }
        }
    }
}
