package io.tern.onnx;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.util.List;

/**
 * What a model says of one input or output.
 *
 * @param shape with -1 for a dimension that is known only at run time; empty if {@code hasShape} is false
 * @param dimensionNames the model's name of each dimension, "" where it has none: {@code [batch, ""]}
 * @param hasShape false if the model leaves even the rank open
 */
public record TensorInfo(String name, ElementType type, Shape shape, List<String> dimensionNames, boolean hasShape) {
    public TensorInfo {
        dimensionNames = List.copyOf(dimensionNames);
        if (dimensionNames.size() != shape.rank()) {
            throw new IllegalArgumentException(
                    "dimensionNames: " + dimensionNames + " (expected: one for each of " + shape + ")");
        }
    }

    /** Whether a tensor of this shape fits. */
    public boolean accepts(Shape actual) {
        if (!hasShape) {
            return true;
        }
        if (actual.rank() != shape.rank()) {
            return false;
        }
        for (int axis = 0; axis < shape.rank(); axis++) {
            long expected = shape.dimension(axis);
            if (expected >= 0 && expected != actual.dimension(axis)) {
                return false;
            }
        }
        return true;
    }

    /** {@code FLOAT32 [?, 3]} */
    String expectation() {
        return type + " " + (hasShape ? shape : "of any shape");
    }
}
