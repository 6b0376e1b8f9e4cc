package io.tern.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            ByteBuffer model = channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file), arena)
                    .asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN);
            List<OnnxNode> nodes = new ArrayList<>();
            for (ProtoField field : new ProtoFields(model)) {
                if (field.number() == MODEL_GRAPH) {
                    readGraph(field.message(), nodes);
                }
            }
            return nodes;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model file " + file.getFileName(), e);
        }
    }

    private static void readGraph(ByteBuffer graph, List<OnnxNode> into) {
        for (ProtoField field : new ProtoFields(graph)) {
            if (field.number() == GRAPH_NODE) {
                into.add(node(field.message()));
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
                case NODE_INPUT -> inputs.add(text(field.message()));
                case NODE_OUTPUT -> outputs.add(text(field.message()));
                case NODE_TYPE -> type = text(field.message());
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
                name = text(field.message());
            } else if (field.number() == ATTRIBUTE_WHOLE) {
                whole = field.value();
            }
        }
        if (whole != null) {
            wholes.put(name, whole);
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
