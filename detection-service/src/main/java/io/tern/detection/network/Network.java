package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** A function of tensors. Safe for several threads. */
@FunctionalInterface
public interface Network extends AutoCloseable {
    /**
     * @param inputs by name
     * @param outputs names of those that are wanted
     * @param arena holds the outputs
     * @return the outputs by name
     */
    Map<String, FloatTensor> run(
            Map<String, FloatTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation);

    /** Frees what it holds; nothing may run it then. */
    @Override
    default void close() {}
}
