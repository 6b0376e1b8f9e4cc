package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/**
 * A model's graph as its file has it, where a {@link Network} takes and gives what the engine wants: float32, and one picture
 * where the file has rows for several. It runs on the same loaded weights. Safe for several threads.
 */
public interface RawGraph {
    /**
     * An input or output.
     *
     * @param shape with -1 for a dimension that is known only at run time; empty if {@code hasShape} is false
     * @param hasShape false if the graph leaves even the rank open
     */
    record End(String name, ElementType type, Shape shape, boolean hasShape) {}

    List<End> inputs();

    List<End> outputs();

    /**
     * Call it on a platform thread.
     *
     * @param inputs all of them by name, in native memory, with the types and shapes of {@link #inputs}
     * @param outputs names of those that are wanted
     * @param arena holds the outputs; of this thread
     * @return the outputs by name
     * @throws io.tern.base.TernException INVALID_ARGUMENT if a node refuses its values, OVERLOADED without memory for them,
     *     CANCELLED or DEADLINE_EXCEEDED
     */
    Map<String, RawTensor> run(
            Map<String, RawTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation);
}
