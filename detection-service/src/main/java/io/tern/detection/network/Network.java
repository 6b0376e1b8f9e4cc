package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** How many calls {@link #runAll} runs at once; 1 where rows of one run would not be what they are alone. */
    default int mostTogether() {
        return 1;
    }

    /**
     * Several calls of one caller, at most {@link #mostTogether}, in one run where their shapes are the same.
     *
     * @return the outputs of each, in the order of the inputs
     */
    default List<Map<String, FloatTensor>> runAll(
            List<Map<String, FloatTensor>> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        return inputs.stream()
                .map(one -> run(one, outputs, arena, cancellation))
                .toList();
    }

    /** What it runs in the end, as its file has it; none for a network that is no file. */
    default Optional<RawGraph> graph() {
        return Optional.empty();
    }

    /** Frees what it holds; nothing may run it then. */
    @Override
    default void close() {}
}
