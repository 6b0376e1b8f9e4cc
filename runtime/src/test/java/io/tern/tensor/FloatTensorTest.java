package io.tern.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class FloatTensorTest {

    @Test
    void rowsAndReshapesShareTheMemoryAndCopiesDoNot() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor tensor = FloatTensor.copyOf(arena, Shape.of(2, 2), new float[] {1, 2, 3, 4});
            FloatTensor copy = tensor.copy(arena);
            tensor.row(1).set(0, 30);
            assertThat(tensor.row(1).shape()).isEqualTo(Shape.of(1, 2));
            assertThat(tensor.reshape(Shape.of(4)).toArray()).containsExactly(1, 2, 30, 4);
            assertThat(copy.toArray()).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void refusesSizesThatDoNotFit() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor tensor = FloatTensor.allocate(arena, Shape.of(2, 2));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tensor.reshape(Shape.of(3)))
                    .withMessage("shape: [3] (expected: 4 elements)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FloatTensor.over(tensor.segment(), Shape.of(5)))
                    .withMessage("segment: 16 bytes (expected: 20 for [5])");
            assertThatIllegalArgumentException().isThrownBy(() -> FloatTensor.copyOf(arena, Shape.of(2), new float[3]));
        }
    }

    @Test
    void aShapeKnowsItsSizeUnlessItIsDynamic() {
        assertThat(Shape.of().size()).isEqualTo(1);
        assertThat(Shape.of(2, 0, 3).size()).isZero();
        assertThat(Shape.of(-1, 3)).hasToString("[?, 3]");
        assertThatIllegalStateException().isThrownBy(() -> Shape.of(-1, 3).size());
        assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(-2));
    }

    @Test
    void elementTypesAreOnnxsOwn() {
        for (ElementType type : ElementType.values()) {
            assertThat(ElementType.ofOnnx(type.onnxCode())).isEqualTo(type);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ElementType.ofOnnx(14)); // complex64
    }
}
