package io.tern.detection.family;

import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.Map;

/**
 * An output of one picture read as places, each with columns: [1, places, columns], or transposed.
 *
 * @param transposed whether the columns come first
 */
record Table(float[] values, int places, int columns, boolean transposed) {
    /** Of the last two dimensions. */
    static Table of(Map<String, FloatTensor> outputs, String name, boolean transposed) {
        FloatTensor output = output(outputs, name);
        Shape shape = output.shape();
        int rows = shape.rank() < 2 ? 1 : (int) shape.dimension(shape.rank() - 2);
        int columns = (int) shape.dimension(shape.rank() - 1);
        return transposed
                ? new Table(output.toArray(), columns, rows, true)
                : new Table(output.toArray(), rows, columns, false);
    }

    float at(int place, int column) {
        return values[transposed ? column * places + place : place * columns + column];
    }

    static FloatTensor output(Map<String, FloatTensor> outputs, String name) {
        FloatTensor output = outputs.get(name);
        if (output == null) {
            throw new IllegalArgumentException("outputs: " + outputs.keySet() + " (expected: " + name + " among them)");
        }
        return output;
    }
}
