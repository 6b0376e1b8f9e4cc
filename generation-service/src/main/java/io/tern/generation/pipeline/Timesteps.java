package io.tern.generation.pipeline;

import io.tern.generation.graph.BoundGraph;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.Shape;
import java.lang.foreign.ValueLayout;

/** The level of noise as a network is told it. Exporters disagree on its type, and whether it has a dimension. */
final class Timesteps {
    private final Tensor tensor;

    Timesteps(BoundGraph graph, TensorInfo declared, long rows) {
        tensor = graph.input(declared.name(), shape(declared, rows));
    }

    /** One for each row where the graph allows it, else one for all. */
    private static Shape shape(TensorInfo declared, long rows) {
        if (declared.accepts(Shape.of(rows))) {
            return Shape.of(rows);
        }
        return declared.accepts(Shape.of()) ? Shape.of() : Shape.of(1);
    }

    /** Whether rows of one batch may be told different levels. */
    static boolean areOfEachRow(TensorInfo declared) {
        return declared.accepts(Shape.of(2));
    }

    void fill(double timestep) {
        for (long row = 0; row < tensor.shape().size(); row++) {
            set(row, timestep);
        }
    }

    /** Of one row; of all where the graph takes one for all. */
    void set(long row, double timestep) {
        long at = Math.min(row, tensor.shape().size() - 1);
        switch (tensor.type()) {
            case FLOAT32 -> tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) timestep);
            case FLOAT64 -> tensor.segment().setAtIndex(ValueLayout.JAVA_DOUBLE, at, timestep);
            case FLOAT16 ->
                tensor.segment().setAtIndex(ValueLayout.JAVA_SHORT, at, Float.floatToFloat16((float) timestep));
            // A network that knows whole steps alone is told the nearest.
            case INT64 -> tensor.segment().setAtIndex(ValueLayout.JAVA_LONG, at, Math.round(timestep));
            case INT32 -> tensor.segment().setAtIndex(ValueLayout.JAVA_INT, at, (int) Math.round(timestep));
            default -> throw new IllegalStateException(tensor.type() + " was refused at load");
        }
    }
}
