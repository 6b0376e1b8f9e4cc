package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.tensor.ElementType;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Two graphs that move keys and values where only a session can reach them, on a GPU. Both have inputs {@code cache.I}
 * [1, heads, capacity, size], one for each tensor of a sequence's memory.
 */
public final class CacheGraphs {
    /** That of TensorScatter. */
    private static final int OPSET = 24;

    public static final String POSITIONS = "positions";

    private CacheGraphs() {}

    /** Names of the inputs and outputs of one tensor of the memory. */
    public static String cache(int tensor) {
        return "cache." + tensor;
    }

    public static String rows(int tensor) {
        return "rows." + tensor;
    }

    public static String written(int tensor) {
        return "written." + tensor;
    }

    /** Reads rows: {@code positions} int64 [N] to outputs {@code rows.I} [1, heads, N, size]. */
    public static byte[] gather(int tensors, int heads, int size, ElementType type) {
        return graph("gather", "count", tensors, heads, size, type, (graph, i) -> {
            graph.output(rows(i), type, shape(heads, "count", size));
            Operator gather = Operator.onnx("Gather", whole("axis", 2));
            graph.node(gather, List.of(cache(i), POSITIONS), rows(i));
        });
    }

    /**
     * Writes rows end to end: {@code positions} int64 [1], the first row's place, and inputs {@code rows.I} [1, heads, N,
     * size] to outputs {@code written.I}, to be bound to the memory of {@code cache.I}.
     */
    public static byte[] scatter(int tensors, int heads, int size, ElementType type) {
        return graph("scatter", "1", tensors, heads, size, type, (graph, i) -> {
            graph.input(rows(i), type, shape(heads, "count", size));
            graph.output(written(i), type, shape(heads, "capacity", size));
            Operator scatter = Operator.onnx("TensorScatter", whole("axis", -2));
            graph.node(scatter, List.of(cache(i), rows(i), POSITIONS), written(i));
        });
    }

    /** @param positions how many there are */
    private static byte[] graph(
            String name,
            String positions,
            int tensors,
            int heads,
            int size,
            ElementType type,
            BiConsumer<OnnxGraph, Integer> tensor) {
        OnnxGraph graph = new OnnxGraph(name, "none", type);
        graph.input(POSITIONS, ElementType.INT64, positions);
        for (int i = 0; i < tensors; i++) {
            graph.input(cache(i), type, shape(heads, "capacity", size));
            tensor.accept(graph, i);
        }
        return graph.toModel(0, OPSET, Map.of());
    }

    private static String[] shape(int heads, String rows, int size) {
        return new String[] {"1", Integer.toString(heads), rows, Integer.toString(size)};
    }
}
