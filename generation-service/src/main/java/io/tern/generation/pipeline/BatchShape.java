package io.tern.generation.pipeline;

import io.tern.tensor.Shape;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a batch of a network's rows is made of.
 *
 * @param sample [rows, channels, height, width]
 * @param condition by input name, each with as many rows
 */
record BatchShape(Shape sample, Map<String, Shape> condition) {
    BatchShape {
        condition = Map.copyOf(condition);
    }

    static BatchShape of(Shape sample, Condition condition) {
        return new BatchShape(
                sample,
                condition.inputs().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, input -> input.getValue().shape())));
    }

    int rows() {
        return Math.toIntExact(sample.dimension(0));
    }

    /** So many of the same. */
    BatchShape withRows(int rows) {
        return new BatchShape(
                withRows(sample, rows),
                condition.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, input -> withRows(input.getValue(), rows))));
    }

    private static Shape withRows(Shape shape, long rows) {
        long[] dimensions = shape.toArray();
        dimensions[0] = rows;
        return Shape.of(dimensions);
    }
}
