package io.tern.decoding.model;

import io.tern.base.TernException;
import io.tern.decoding.exported.ExportedDecoder;
import io.tern.decoding.exported.GraphNames;
import io.tern.decoding.exported.KvSizes;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Inputs and outputs of a decoder's graph that somebody else has exported.
 *
 * @param wholes types of the inputs that have a whole number for each token, by name
 * @param switches those inputs that say how the graph is to run, by name
 * @param logitsType of [1, tokens, vocabulary]
 */
record ExportedEnds(
        GraphNames names,
        Map<String, ElementType> wholes,
        Map<String, TensorInfo> switches,
        KvLayout layout,
        int vocabularySize,
        ElementType logitsType) {
    /** Which of optimum's two graphs in one runs: that of texts that have begun, where it is true. */
    static final String USE_CACHE_BRANCH = "use_cache_branch";
    /** Of how many of the last tokens there are logits; 0 means of all. */
    static final String LOGITS_TO_KEEP = "num_logits_to_keep";

    private static final Map<String, ElementType> SWITCHES =
            Map.of(USE_CACHE_BRANCH, ElementType.BOOL, LOGITS_TO_KEEP, ElementType.INT64);
    private static final Set<ElementType> WHOLES = Set.of(ElementType.INT64, ElementType.INT32);
    private static final Set<ElementType> REALS = Set.of(ElementType.FLOAT32, ElementType.FLOAT16);
    private static final int LARGEST_VOCABULARY = 1 << 22;
    /** An error travels in a header. */
    private static final int MOST_NAMES = 8;

    ExportedEnds {
        wholes = Map.copyOf(wholes);
        switches = Map.copyOf(switches);
    }

    /** @throws TernException INVALID_ARGUMENT naming what does not fit, and what would */
    static ExportedEnds of(ModelSignature signature, ExportedDecoder exported) {
        GraphNames names = exported.names();
        Map<String, TensorInfo> inputs = byName(signature.inputs());
        Map<String, TensorInfo> outputs = byName(signature.outputs());
        int layers = 0;
        while (inputs.containsKey(GraphNames.ofLayer(names.pastKey(), layers))) {
            layers++;
        }
        requireOnlyKnown(inputs, names, layers);
        Map<String, ElementType> wholes = inputs.values().stream()
                .filter(input -> isWhole(input.name(), names))
                .collect(Collectors.toMap(TensorInfo::name, TensorInfo::type));
        wholes.forEach((name, type) -> require(WHOLES.contains(type), "input " + name, type, "INT64 or INT32"));
        require(wholes.containsKey(names.inputIds()), "inputs", shortened(inputs), names.inputIds() + " among them");
        require(layers > 0, "inputs", shortened(inputs), GraphNames.ofLayer(names.pastKey(), 0) + " among them");
        TensorInfo logits = find(outputs, names.logits());
        return new ExportedEnds(
                names,
                wholes,
                switches(inputs),
                layout(inputs, outputs, exported, layers),
                vocabularySize(logits),
                logits.type());
    }

    /** @param index as in {@link KvLayout} */
    String cacheName(int index, boolean past) {
        boolean key = index % KvLayout.SIDES == 0;
        String pattern =
                past ? (key ? names.pastKey() : names.pastValue()) : (key ? names.presentKey() : names.presentValue());
        return GraphNames.ofLayer(pattern, index / KvLayout.SIDES);
    }

    private static Map<String, TensorInfo> byName(List<TensorInfo> infos) {
        return infos.stream().collect(Collectors.toMap(TensorInfo::name, Function.identity()));
    }

    private static boolean isWhole(String input, GraphNames names) {
        return List.of(names.inputIds(), names.attentionMask(), names.positionIds())
                .contains(input);
    }

    private static Map<String, TensorInfo> switches(Map<String, TensorInfo> inputs) {
        Map<String, TensorInfo> found = new HashMap<>();
        SWITCHES.forEach((name, type) -> {
            TensorInfo input = inputs.get(name);
            if (input != null) {
                boolean one = input.type() == type && input.shape().rank() <= 1 && input.accepts(switchShape(input));
                require(one, "input " + name, input.type() + " " + input.shape(), "one " + type);
                found.put(name, input);
            }
        });
        return found;
    }

    /** Of one value, in as many dimensions as the graph wants. */
    static Shape switchShape(TensorInfo input) {
        return input.hasShape() && input.shape().rank() == 0 ? Shape.of() : Shape.of(1);
    }

    /** An input that we do not know would have to be guessed at. */
    private static void requireOnlyKnown(Map<String, TensorInfo> inputs, GraphNames names, int layers) {
        Set<String> known = new HashSet<>(List.of(names.inputIds(), names.attentionMask(), names.positionIds()));
        known.addAll(SWITCHES.keySet());
        for (int layer = 0; layer < layers; layer++) {
            known.add(GraphNames.ofLayer(names.pastKey(), layer));
            known.add(GraphNames.ofLayer(names.pastValue(), layer));
        }
        for (String input : inputs.keySet()) {
            require(
                    known.contains(input),
                    "input",
                    input,
                    "%s, %s, %s, %s and %s alone"
                            .formatted(
                                    names.inputIds(),
                                    names.attentionMask(),
                                    names.positionIds(),
                                    names.pastKey(),
                                    names.pastValue()));
        }
    }

    private static int vocabularySize(TensorInfo logits) {
        require(REALS.contains(logits.type()), "output " + logits.name(), logits.type(), "FLOAT32 or FLOAT16");
        Shape shape = logits.shape();
        boolean all = shape.rank() == 3 && shape.dimension(1) < 0;
        boolean known = all && shape.dimension(2) >= 1 && shape.dimension(2) <= LARGEST_VOCABULARY;
        require(known, "output " + logits.name(), shape, "[?, ?, vocabulary], for each token of a run");
        return Math.toIntExact(shape.dimension(2));
    }

    private static KvLayout layout(
            Map<String, TensorInfo> inputs, Map<String, TensorInfo> outputs, ExportedDecoder exported, int layers) {
        GraphNames names = exported.names();
        KvSizes sizes = exported.sizes();
        TensorInfo first = find(inputs, GraphNames.ofLayer(names.pastKey(), 0));
        require(
                sizes.layers().orElse(layers) == layers,
                "layers",
                sizes.layers().orElse(0),
                layers + ", as the graph has");
        require(REALS.contains(first.type()), "input " + first.name(), first.type(), "FLOAT32 or FLOAT16");
        require(first.shape().rank() == 4, "input " + first.name(), first.shape(), "[batch, heads, past, head size]");
        KvLayout layout = new KvLayout(
                layers,
                size(first, 1, sizes.heads(), "key-value heads"),
                size(first, 3, sizes.headSize(), "head size"),
                first.type());
        for (int layer = 0; layer < layers; layer++) {
            requireFits(find(inputs, GraphNames.ofLayer(names.pastKey(), layer)), layout, "input");
            requireFits(find(inputs, GraphNames.ofLayer(names.pastValue(), layer)), layout, "input");
            requireFits(find(outputs, GraphNames.ofLayer(names.presentKey(), layer)), layout, "output");
            requireFits(find(outputs, GraphNames.ofLayer(names.presentValue(), layer)), layout, "output");
        }
        return layout;
    }

    /** What the graph says, or else the folder; if both do, they have to agree. */
    private static int size(TensorInfo past, int axis, OptionalInt said, String what) {
        long inGraph = past.shape().dimension(axis);
        require(inGraph > 0 || said.isPresent(), "input " + past.name(), past.shape(), what + " in it");
        require(
                inGraph < 0 || said.isEmpty() || said.getAsInt() == inGraph,
                what,
                said.orElse(0),
                inGraph + ", as the graph's " + past.name() + " has");
        return inGraph > 0 ? Math.toIntExact(inGraph) : said.getAsInt();
    }

    private static void requireFits(TensorInfo info, KvLayout layout, String kind) {
        Shape shape = info.shape();
        boolean shaped = !info.hasShape()
                || (shape.rank() == 4
                        && shape.dimension(2) < 0
                        && info.accepts(Shape.of(1, layout.heads(), 0, layout.headSize())));
        boolean fits = shaped && info.type() == layout.type();
        require(
                fits,
                kind + " " + info.name(),
                info.type() + " " + shape,
                layout.type() + " [?, " + layout.heads() + ", ?, " + layout.headSize() + "], as the other layers have");
    }

    private static TensorInfo find(Map<String, TensorInfo> infos, String name) {
        TensorInfo info = infos.get(name);
        if (info == null) {
            throw TernException.invalid("path", "a graph with " + shortened(infos), name + " among them");
        }
        return info;
    }

    private static String shortened(Map<String, TensorInfo> infos) {
        List<String> names = infos.keySet().stream().sorted().toList();
        return names.size() <= MOST_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + (names.size() - MOST_NAMES) + " more";
    }

    private static void require(boolean holds, String what, Object value, String expected) {
        TernException.require(holds, "path", "a graph with " + what + " " + value, expected);
    }
}
