package io.tern.catalogue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an ONNX file tells about its graph without being loaded: enough to guess where it comes from. Read a file
 * that passed {@link ModelGate}; subgraphs are left out.
 *
 * @param inputs names of what a run is given, stored tensors left out
 * @param outputs names of what a run gives
 * @param operators types of the nodes: {@code Conv}, {@code TopK}
 * @param parts names of the stored tensors, {@code backbone.conv1.weight}, and of the modules that the nodes come from as
 *     PyTorch's exporters tell them, {@code .backbone.conv1.Conv}
 * @param triples stored constants of three numbers each, as a mean or a deviation of colours is
 * @param extents dimensions of the stored tensors, and entries of stored shapes to which others are brought
 */
public record OnnxGraph(
        List<String> inputs,
        List<String> outputs,
        Set<String> operators,
        Set<String> parts,
        List<List<Float>> triples,
        Set<Long> extents) {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int VALUE_NAME = 1;
    private static final int NODE_NAME = 3;
    private static final int NODE_TYPE = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NODE_METADATA = 9;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    /** Key of the modules around a node, from the outermost to its own. */
    private static final String SCOPES = "pkg.torch.onnx.name_scopes";

    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int TENSOR_DIMENSIONS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_FLOATS = 4;
    private static final int TENSOR_LONGS = 7;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;
    private static final int TYPE_INT64 = 7;
    /** More numbers than these are no shape. */
    private static final int LARGEST_RANK = 8;

    public OnnxGraph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = Set.copyOf(operators);
        parts = Set.copyOf(parts);
        triples = List.copyOf(triples);
        extents = Set.copyOf(extents);
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT if it is no protobuf message */
    public static OnnxGraph read(Path file) {
        return MappedFile.read(file, bytes -> {
            Reader reader = new Reader();
            reader.model(bytes);
            return reader.graph();
        });
    }

    private static final class Reader {
        private final List<String> inputs = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private final Set<String> operators = new HashSet<>();
        private final Set<String> weights = new HashSet<>();
        private final Set<String> modules = new HashSet<>();
        private final List<List<Float>> triples = new ArrayList<>();
        private final Set<Long> extents = new HashSet<>();

        void model(ByteBuffer model) {
            for (ProtoField field : new ProtoFields(model)) {
                if (field.number() == MODEL_GRAPH) {
                    graph(field.message());
                }
            }
        }

        OnnxGraph graph() {
            List<String> given =
                    inputs.stream().filter(name -> !weights.contains(name)).toList();
            modules.addAll(weights);
            return new OnnxGraph(given, outputs, operators, modules, triples, extents);
        }

        private void graph(ByteBuffer graph) {
            for (ProtoField field : new ProtoFields(graph)) {
                if (field.number() == GRAPH_NODE) {
                    node(field.message());
                } else if (field.number() == GRAPH_INITIALIZER) {
                    tensor(field.message());
                } else if (field.number() == GRAPH_INPUT) {
                    inputs.add(name(field.message()));
                } else if (field.number() == GRAPH_OUTPUT) {
                    outputs.add(name(field.message()));
                }
            }
        }

        private static String name(ByteBuffer value) {
            String name = "";
            for (ProtoField field : new ProtoFields(value)) {
                name = field.number() == VALUE_NAME ? field.text() : name;
            }
            return name;
        }

        private void node(ByteBuffer node) {
            for (ProtoField field : new ProtoFields(node)) {
                if (field.number() == NODE_TYPE) {
                    operators.add(field.text());
                } else if (field.number() == NODE_ATTRIBUTE) {
                    attribute(field.message());
                } else if (field.number() == NODE_NAME) {
                    modules.add(field.text().replace('/', '.'));
                } else if (field.number() == NODE_METADATA) {
                    metadata(field.message());
                }
            }
        }

        private void metadata(ByteBuffer entry) {
            String key = "";
            String value = "";
            for (ProtoField field : new ProtoFields(entry)) {
                key = field.number() == ENTRY_KEY ? field.text() : key;
                value = field.number() == ENTRY_VALUE && key.equals(SCOPES) ? field.text() : value;
            }
            modules.add(value);
        }

        private void attribute(ByteBuffer attribute) {
            for (ProtoField field : new ProtoFields(attribute)) {
                if (field.number() == ATTRIBUTE_TENSOR) {
                    tensor(field.message());
                }
            }
        }

        private void tensor(ByteBuffer tensor) {
            long type = 0;
            for (ProtoField field : new ProtoFields(tensor)) {
                if (field.number() == TENSOR_TYPE) {
                    type = field.value();
                }
            }
            for (ProtoField field : new ProtoFields(tensor)) {
                if (type == TYPE_INT64 && (field.number() == TENSOR_RAW || field.number() == TENSOR_LONGS)) {
                    shape(field);
                    continue;
                }
                switch (field.number()) {
                    case TENSOR_NAME -> weights.add(field.text());
                    case TENSOR_DIMENSIONS -> varints(field);
                    case TENSOR_FLOATS, TENSOR_RAW -> triple(field);
                    default -> {}
                }
            }
        }

        /** Raw numbers have eight bytes each; others are varints. */
        private void shape(ProtoField field) {
            ByteBuffer bytes = field.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() > LARGEST_RANK * Long.BYTES) {
                return;
            }
            if (field.number() == TENSOR_LONGS) {
                varints(field);
                return;
            }
            while (bytes.remaining() >= Long.BYTES) {
                extents.add(bytes.getLong());
            }
        }

        /** Of a repeated field, packed or not. */
        private void varints(ProtoField field) {
            if (!field.isMessage()) {
                extents.add(field.value());
                return;
            }
            ByteBuffer packed = field.bytes().duplicate();
            while (packed.hasRemaining()) {
                extents.add(ProtoFields.varint(packed));
            }
        }

        /** Twelve bytes may also be three integers; as floats those are tiny and look like nothing. */
        private void triple(ProtoField field) {
            if (field.isMessage() && field.bytes().remaining() == 3 * Float.BYTES) {
                ByteBuffer bytes = field.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
                triples.add(List.of(bytes.getFloat(), bytes.getFloat(), bytes.getFloat()));
            }
        }
    }
}
