package io.tern.decoding.exported;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** What a genai_config.json of onnxruntime-genai says of the decoder beside it. */
record GenaiConfig(Path graph, GraphNames names, int context, KvSizes sizes) {
    static final String FILE = "genai_config.json";

    private static final int MOST_LAYERS = 1024;
    private static final int MOST_HEADS = 1024;
    private static final int LARGEST_HEAD = 1024;
    /** Further graphs of a model, which mean that its decoder does not read tokens. */
    private static final List<String> OTHER_GRAPHS = List.of("encoder", "embedding", "vision", "speech");

    /** @throws TernException INVALID_ARGUMENT with the key, its value and what is expected */
    static GenaiConfig read(Path folder) throws IOException {
        JsonNode model = JsonFile.read(folder.resolve(FILE)).path("model");
        JsonNode decoder = model.path("decoder");
        TernException.require(
                decoder.isObject(), FILE + " model.decoder", decoder.getNodeType(), "an object, as a decoder has it");
        for (String other : OTHER_GRAPHS) {
            TernException.require(
                    model.path(other).isMissingNode(), FILE + " model." + other, "present", "a model of one graph");
        }
        TernException.require(
                decoder.path("pipeline").isMissingNode(),
                FILE + " model.decoder.pipeline",
                "present",
                "a decoder of one graph");
        requireNoSliding(decoder.path("sliding_window"));
        return new GenaiConfig(
                graph(folder, decoder.path("filename")),
                names(decoder),
                whole(
                        "model.context_length",
                        model.path("context_length"),
                        OptimumFolder.LEAST_CONTEXT,
                        OptimumFolder.MOST_CONTEXT),
                new KvSizes(
                        OptionalInt.of(whole(
                                "model.decoder.num_hidden_layers", decoder.path("num_hidden_layers"), 1, MOST_LAYERS)),
                        OptionalInt.of(whole(
                                "model.decoder.num_key_value_heads",
                                decoder.path("num_key_value_heads"),
                                1,
                                MOST_HEADS)),
                        OptionalInt.of(whole("model.decoder.head_size", decoder.path("head_size"), 1, LARGEST_HEAD))));
    }

    /** A window inside the attention is the graph's own affair; one that cuts inputs or caches would be ours. */
    private static void requireNoSliding(JsonNode window) {
        for (String key : List.of("slide_key_value_cache", "slide_inputs")) {
            // They are true where a window says nothing of them.
            boolean slides = window.isObject() && window.path(key).asBoolean(true);
            TernException.require(
                    !slides, FILE + " model.decoder.sliding_window." + key, true, "false: inputs and caches are whole");
        }
    }

    private static Path graph(Path folder, JsonNode name) {
        String file = name.asString("");
        TernException.require(
                file.matches("[\\p{Alnum}_][\\p{Alnum}_. +-]{0,254}"),
                FILE + " model.decoder.filename",
                name,
                "the name of a file beside it");
        Path graph = folder.resolve(file);
        TernException.require(
                Files.isRegularFile(graph, LinkOption.NOFOLLOW_LINKS),
                FILE + " model.decoder.filename",
                file + ", which is missing or a link",
                "a regular file");
        return graph;
    }

    private static GraphNames names(JsonNode decoder) {
        JsonNode inputs = decoder.path("inputs");
        JsonNode outputs = decoder.path("outputs");
        GraphNames common = GraphNames.COMMON;
        return new GraphNames(
                inputs.path("input_ids").asString(common.inputIds()),
                inputs.path("attention_mask").asString(common.attentionMask()),
                inputs.path("position_ids").asString(common.positionIds()),
                inputs.path("past_key_names").asString(common.pastKey()),
                inputs.path("past_value_names").asString(common.pastValue()),
                outputs.path("logits").asString(common.logits()),
                outputs.path("present_key_names").asString(common.presentKey()),
                outputs.path("present_value_names").asString(common.presentValue()));
    }

    private static int whole(String key, JsonNode node, int least, int most) {
        boolean fits =
                node.isIntegralNumber() && node.canConvertToInt() && node.asInt() >= least && node.asInt() <= most;
        TernException.require(fits, FILE + " " + key, node.isMissingNode() ? "absent" : node, least + ".." + most);
        return node.asInt();
    }
}
