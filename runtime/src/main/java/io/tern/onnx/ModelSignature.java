package io.tern.onnx;

import java.util.List;
import java.util.Map;

/**
 * What a model takes and gives, in its order.
 *
 * @param producer the program that wrote the model
 * @param metadata the model's own properties
 */
public record ModelSignature(
        List<TensorInfo> inputs, List<TensorInfo> outputs, String producer, Map<String, String> metadata) {
    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    /** @throws IllegalArgumentException if there is no such input */
    public TensorInfo input(String name) {
        return find(inputs, "input", name);
    }

    /** @throws IllegalArgumentException if there is no such output */
    public TensorInfo output(String name) {
        return find(outputs, "output", name);
    }

    private static TensorInfo find(List<TensorInfo> infos, String kind, String name) {
        return infos.stream()
                .filter(info -> info.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(kind + ": " + name + " (expected: one of "
                        + infos.stream().map(TensorInfo::name).toList() + ")"));
    }
}
