package io.tern.detection.network;

import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a network takes and gives, as its file says.
 *
 * @param metadata what the file says about itself besides
 */
public record NetworkSignature(List<Port> inputs, List<Port> outputs, Map<String, String> metadata) {
    public NetworkSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    /**
     * An input or output.
     *
     * @param type of its elements: {@code FLOAT32}
     * @param shape with -1 for a dimension that is known only at run time
     */
    public record Port(String name, String type, Shape shape) {
        public boolean isFloat() {
            return type.equals("FLOAT32");
        }

        @Override
        public String toString() {
            return name + " " + type + " " + shape;
        }
    }

    /** {@code inputs: images FLOAT32 [?, 3, 416, 416]; outputs: ...} */
    public String describe() {
        return "inputs: " + join(inputs) + "; outputs: " + join(outputs);
    }

    private static String join(List<Port> ports) {
        return ports.stream().map(Port::toString).collect(Collectors.joining(", "));
    }
}
