package io.tern.catalogue;

import io.tern.base.TernException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Looks into an ONNX file before the runtime's parser sees it: that it is a protobuf message whose lengths fit, that it
 * uses only known operator domains (no custom operator, hence no library to load), and that its external data lies in
 * regular files of the model's own folder, within their size. The walk copies nothing and is linear in the file.
 *
 * <p>Field numbers are those of {@code onnx.proto} (ONNX, Apache-2.0).
 */
public final class ModelGate {
    private static final Set<String> DOMAINS =
            Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "ai.onnx.training");
    private static final long MAX_FILE_BYTES = Integer.MAX_VALUE;
    private static final int MAX_DEPTH = 32;

    // ModelProto
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET_IMPORT = 8;
    private static final int MODEL_TRAINING = 20;
    private static final int MODEL_FUNCTIONS = 25;
    private static final int OPSET_DOMAIN = 1;
    // TrainingInfoProto
    private static final int TRAINING_INITIALIZATION = 1;
    private static final int TRAINING_ALGORITHM = 2;
    // GraphProto
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_SPARSE_INITIALIZER = 15;
    // NodeProto, AttributeProto, FunctionProto
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NODE_DOMAIN = 7;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_TENSORS = 10;
    private static final int ATTRIBUTE_GRAPHS = 11;
    private static final int ATTRIBUTE_SPARSE_TENSOR = 22;
    private static final int ATTRIBUTE_SPARSE_TENSORS = 23;
    private static final int FUNCTION_NODE = 7;
    private static final int FUNCTION_OPSET_IMPORT = 9;
    private static final int FUNCTION_ATTRIBUTE_DEFAULT = 11;
    // TensorProto, StringStringEntryProto, SparseTensorProto
    private static final int TENSOR_EXTERNAL_DATA = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final int SPARSE_VALUES = 1;
    private static final int SPARSE_INDICES = 2;

    private final Path folder;
    private final Set<Path> files = new LinkedHashSet<>();

    private ModelGate(Path file) {
        this.folder = file.toAbsolutePath().resolveSibling("");
        files.add(file);
    }

    /**
     * @throws TernException INVALID_ARGUMENT naming what was found and what is allowed
     * @throws UncheckedIOException if the file cannot be read
     */
    public static void check(Path file) {
        var _ = files(file);
    }

    /** The same, and of which files the model is made: this one, then those of its external data. */
    public static Set<Path> files(Path file) {
        try {
            return walk(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model file " + file.getFileName(), e);
        }
    }

    private static Set<Path> walk(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw refused("no regular file", "an .onnx file");
        }
        long size = Files.size(file);
        if (size == 0 || size > MAX_FILE_BYTES) {
            throw refused(size + " bytes", "1.." + MAX_FILE_BYTES + " bytes, larger weights as external data");
        }
        return MappedFile.read(file, bytes -> {
            ModelGate gate = new ModelGate(file);
            gate.model(bytes);
            return gate.files;
        });
    }

    private void model(ByteBuffer model) throws IOException {
        boolean graphSeen = false;
        for (ProtoField field : new ProtoFields(model)) {
            switch (field.number()) {
                case MODEL_GRAPH -> {
                    graph(field.message(), 0);
                    graphSeen = true;
                }
                case MODEL_OPSET_IMPORT -> domains(field.message(), OPSET_DOMAIN);
                case MODEL_TRAINING -> training(field.message());
                case MODEL_FUNCTIONS -> function(field.message());
                default -> {}
            }
        }
        if (!graphSeen) {
            throw refused("no graph", "an ONNX model");
        }
    }

    private void function(ByteBuffer function) throws IOException {
        for (ProtoField field : new ProtoFields(function)) {
            switch (field.number()) {
                case FUNCTION_NODE -> node(field.message(), 0);
                case FUNCTION_OPSET_IMPORT -> domains(field.message(), OPSET_DOMAIN);
                case FUNCTION_ATTRIBUTE_DEFAULT -> attribute(field.message(), 0);
                default -> {}
            }
        }
    }

    private void training(ByteBuffer training) throws IOException {
        for (ProtoField field : new ProtoFields(training)) {
            if (field.number() == TRAINING_INITIALIZATION || field.number() == TRAINING_ALGORITHM) {
                graph(field.message(), 0);
            }
        }
    }

    private void graph(ByteBuffer graph, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw refused("subgraphs nested deeper than " + MAX_DEPTH, "at most " + MAX_DEPTH);
        }
        for (ProtoField field : new ProtoFields(graph)) {
            switch (field.number()) {
                case GRAPH_NODE -> node(field.message(), depth);
                case GRAPH_INITIALIZER -> tensor(field.message());
                case GRAPH_SPARSE_INITIALIZER -> sparse(field.message());
                default -> {}
            }
        }
    }

    private void node(ByteBuffer node, int depth) throws IOException {
        domains(node, NODE_DOMAIN);
        for (ProtoField field : new ProtoFields(node)) {
            if (field.number() == NODE_ATTRIBUTE) {
                attribute(field.message(), depth);
            }
        }
    }

    private void attribute(ByteBuffer attribute, int depth) throws IOException {
        for (ProtoField field : new ProtoFields(attribute)) {
            switch (field.number()) {
                case ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS -> tensor(field.message());
                case ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS -> graph(field.message(), depth + 1);
                case ATTRIBUTE_SPARSE_TENSOR, ATTRIBUTE_SPARSE_TENSORS -> sparse(field.message());
                default -> {}
            }
        }
    }

    private void sparse(ByteBuffer sparse) throws IOException {
        for (ProtoField field : new ProtoFields(sparse)) {
            if (field.number() == SPARSE_VALUES || field.number() == SPARSE_INDICES) {
                tensor(field.message());
            }
        }
    }

    private void tensor(ByteBuffer tensor) throws IOException {
        Map<String, String> external = new HashMap<>();
        for (ProtoField field : new ProtoFields(tensor)) {
            if (field.number() == TENSOR_EXTERNAL_DATA) {
                entry(field.message(), external);
            }
        }
        if (!external.isEmpty()) {
            externalData(external);
        }
    }

    private static void entry(ByteBuffer entry, Map<String, String> into) {
        String key = "";
        String value = "";
        for (ProtoField field : new ProtoFields(entry)) {
            if (field.number() == ENTRY_KEY) {
                key = text(field.message());
            } else if (field.number() == ENTRY_VALUE) {
                value = text(field.message());
            }
        }
        into.put(key, value);
    }

    /** A plain file name beside the model: no path, no link, and the range inside the file. */
    private void externalData(Map<String, String> external) throws IOException {
        String location = external.getOrDefault("location", "");
        if (!location.matches("[\\p{Alnum}_.][\\p{Alnum}_. +-]{0,254}") || location.matches("\\.+")) {
            throw refused("external data in '" + location + "'", "a plain file name in the model's own folder");
        }
        Path file = folder.resolve(location);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || linkCount(file) != 1) {
            throw refused("external data in '" + location + "', which is missing or a link", "a regular file");
        }
        long offset = number(external, "offset");
        long length = number(external, "length");
        long size = Files.size(file);
        if (offset > size || length > size - offset) {
            throw refused(
                    "external data at " + offset + " of length " + length + " in a file of " + size + " bytes",
                    "a range inside the file");
        }
        files.add(file);
    }

    private static int linkCount(Path file) throws IOException {
        // Windows has no such attribute; a hard link is then not told from a file.
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                : 1;
    }

    private static long number(Map<String, String> external, String key) {
        String text = external.getOrDefault(key, "0");
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException _) {
            // refused below with the text
        }
        throw refused("external data with " + key + " '" + text + "'", "a whole number >= 0");
    }

    private static void domains(ByteBuffer message, int domainField) {
        for (ProtoField field : new ProtoFields(message)) {
            if (field.number() == domainField && !DOMAINS.contains(text(field.message()))) {
                throw refused("operator domain '" + text(field.message()) + "'", "one of " + DOMAINS);
            }
        }
    }

    private static String text(ByteBuffer bytes) {
        byte[] copy = new byte[Math.min(bytes.remaining(), 4096)];
        bytes.duplicate().get(copy);
        return new String(copy, StandardCharsets.UTF_8);
    }

    static TernException refused(String found, String expected) {
        return TernException.invalid("model file", found, expected);
    }
}
