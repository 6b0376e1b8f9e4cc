package io.tern.generation.pipeline;

import io.tern.tensor.FloatTensor;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a network is told beside the sample and its level of noise.
 *
 * @param inputs of the graph by name; each has one row for each text
 */
record Condition(Map<String, FloatTensor> inputs) {
    Condition {
        inputs = Map.copyOf(inputs);
    }

    /** Of one text, sharing this one's memory. */
    Condition row(long index) {
        return new Condition(inputs.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, input -> input.getValue().row(index))));
    }
}
