package io.tern.catalogue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An operator in a graph, as an ONNX file has it.
 *
 * @param inputs names of what it reads; "" stands for one that is left out
 * @param outputs names of what it gives
 * @param wholes attributes that are one whole number
 */
public record OnnxNode(String type, List<String> inputs, List<String> outputs, Map<String, Long> wholes) {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_NAME = 1;
    private static final int ATTRIBUTE_WHOLE = 3;
    private static final int ATTRIBUTE_GRAPH = 6;

    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        wholes = Map.copyOf(wholes);
    }

    /**
     * The nodes of a file that passed {@link ModelGate}, in its order; those of subgraphs are left out.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it is no protobuf message
     */
    public static List<OnnxNode> read(Path file) {
        return read(file, false);
    }

    /** The same with those of subgraphs, as the branches of an If: each behind the node that it belongs to. */
    public static List<OnnxNode> readAll(Path file) {
        return read(file, true);
    }

    private static List<OnnxNode> read(Path file, boolean inner) {
        return MappedFile.read(file, model -> {
            List<OnnxNode> nodes = new ArrayList<>();
            for (ProtoField field : new ProtoFields(model)) {
                if (field.number() == MODEL_GRAPH) {
                    readGraph(field.message(), inner, nodes);
                }
            }
            return nodes;
        });
    }

    private static void readGraph(ByteBuffer graph, boolean inner, List<OnnxNode> into) {
        for (ProtoField field : new ProtoFields(graph)) {
            if (field.number() == GRAPH_NODE) {
                into.add(node(field.message()));
                if (inner) {
                    readInner(field.message(), into);
                }
            }
        }
    }

    /** As deep as the gate has let them be. */
    private static void readInner(ByteBuffer node, List<OnnxNode> into) {
        for (ProtoField field : new ProtoFields(node)) {
            if (field.number() == NODE_ATTRIBUTE) {
                for (ProtoField value : new ProtoFields(field.message())) {
                    if (value.number() == ATTRIBUTE_GRAPH) {
                        readGraph(value.message(), true, into);
                    }
                }
            }
        }
    }

    private static OnnxNode node(ByteBuffer node) {
        String type = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Long> wholes = new HashMap<>();
        for (ProtoField field : new ProtoFields(node)) {
            switch (field.number()) {
                case NODE_INPUT -> inputs.add(field.text());
                case NODE_OUTPUT -> outputs.add(field.text());
                case NODE_TYPE -> type = field.text();
                case NODE_ATTRIBUTE -> readAttribute(field.message(), wholes);
                default -> {}
            }
        }
        return new OnnxNode(type, inputs, outputs, wholes);
    }

    private static void readAttribute(ByteBuffer attribute, Map<String, Long> wholes) {
        String name = "";
        Long whole = null;
        for (ProtoField field : new ProtoFields(attribute)) {
            if (field.number() == ATTRIBUTE_NAME) {
                name = field.text();
            } else if (field.number() == ATTRIBUTE_WHOLE) {
                whole = field.value();
            }
        }
        if (whole != null) {
            wholes.put(name, whole);
        }
    }
}
