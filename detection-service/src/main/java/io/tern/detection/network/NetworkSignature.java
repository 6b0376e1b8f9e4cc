package io.tern.detection.network;

import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a network takes and gives, as its file says.
 *
 * @param metadata what the file says about itself besides
 * @param graph what is known of its inside
 */
public record NetworkSignature(List<Port> inputs, List<Port> outputs, Map<String, String> metadata, Graph graph) {
    public NetworkSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    /** Of a network of which nothing more is known. */
    public NetworkSignature(List<Port> inputs, List<Port> outputs, Map<String, String> metadata) {
        this(inputs, outputs, metadata, Graph.UNKNOWN);
    }

    public NetworkSignature with(Graph inside) {
        return new NetworkSignature(inputs, outputs, metadata, inside);
    }

    /**
     * An input or output.
     *
     * @param type of its elements: {@code FLOAT32}
     * @param shape with -1 for a dimension that is known only at run time
     */
    public record Port(String name, String type, Shape shape) {
        /** Of whichever width. */
        public boolean isFloat() {
            return type.equals("FLOAT32") || type.equals("FLOAT16") || type.equals("FLOAT64");
        }

        public boolean isInteger() {
            return type.equals("INT64") || type.equals("INT32");
        }

        public int rank() {
            return shape.rank();
        }

        @Override
        public String toString() {
            return name + " " + type + " " + shape;
        }
    }

    /**
     * The inside of a network, where its file shows it.
     *
     * @param operators types of its nodes: {@code TopK}
     * @param parts names of its stored tensors, and of the modules that its nodes come from
     * @param triples its constants of three numbers each, among them mean and deviation of the colours if it normalises
     * @param extents dimensions that stand in it, of its stored tensors and of those that it reshapes
     */
    public record Graph(Set<String> operators, Set<String> parts, List<List<Float>> triples, Set<Long> extents) {
        public static final Graph UNKNOWN = new Graph(Set.of(), Set.of(), List.of(), Set.of());

        public Graph {
            operators = Set.copyOf(operators);
            parts = Set.copyOf(parts);
            triples = List.copyOf(triples);
            extents = Set.copyOf(extents);
        }

        public boolean has(String operator) {
            return operators.contains(operator);
        }

        /** Whether a name of a stored tensor or of a module has this in it. */
        public boolean names(String part) {
            return parts.stream().anyMatch(name -> name.contains(part));
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
