package io.tern.text.vocabulary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tokenizer.json as the Hugging Face tokenizers library writes it. What is not understood is refused, so that a
 * file is either read as that library reads it or not at all.
 */
public final class TokenizerFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JsonNode root;

    private TokenizerFile(JsonNode root) {
        this.root = root;
    }

    /** @throws IllegalArgumentException if the file is no JSON object */
    public static TokenizerFile read(Path file) throws IOException {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            require(root.isObject(), "tokenizer file", root.getNodeType(), "a JSON object");
            return new TokenizerFile(root);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("tokenizer file: not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A missing node where the path leads nowhere; {@code null} counts as missing. */
    public JsonNode at(String pointer) {
        JsonNode node = root.at(pointer);
        return node.isNull() ? root.path("") : node;
    }

    public void requireText(String pointer, String expected) {
        requireText(pointer, expected, expected);
    }

    /** @param supported what is said to be expected, where that is more than one */
    public void requireText(String pointer, String expected, String supported) {
        String actual = at(pointer).asString("");
        require(actual.equals(expected), pointer, actual, supported);
    }

    public void requireAbsent(String pointer) {
        JsonNode node = at(pointer);
        require(
                node.isMissingNode() || (node.isEmpty() && node.asString("").isEmpty()),
                pointer,
                node,
                "absent: it is not supported");
    }

    public void requireFalse(String pointer) {
        require(!at(pointer).asBoolean(false), pointer, true, "false: the setting is not supported");
    }

    public boolean flag(String pointer, boolean absent) {
        JsonNode node = at(pointer);
        return node.isMissingNode() ? absent : node.asBoolean();
    }

    public int requireInt(String pointer) {
        JsonNode node = at(pointer);
        require(node.isIntegralNumber() && node.canConvertToInt(), pointer, node, "an integer");
        return node.intValue();
    }

    /** Token to id. */
    public Map<String, Integer> vocabulary() {
        JsonNode node = at("/model/vocab");
        require(node.isObject() && !node.isEmpty(), "/model/vocab", node.getNodeType(), "an object of token ids");
        Map<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(node.size());
        node.forEachEntry((token, id) -> {
            require(id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0, token, id, "a token id");
            vocabulary.put(token, id.intValue());
        });
        return vocabulary;
    }

    /** Pairs that become one token, the first learnt first; of the two ways to write them either is read. */
    public List<Merge> merges() {
        List<Merge> merges = new ArrayList<>();
        for (JsonNode merge : at("/model/merges")) {
            merges.add(
                    merge.isArray()
                            ? new Merge(
                                    merge.path(0).asString(""), merge.path(1).asString(""))
                            : Merge.of(merge.asString("")));
        }
        return merges;
    }

    /** The tokens that are cut out of a text before anything else happens to it. */
    public List<AddedToken> addedTokens() {
        List<AddedToken> tokens = new ArrayList<>();
        for (int i = 0; i < at("/added_tokens").size(); i++) {
            String at = "/added_tokens/" + i;
            String content = at(at + "/content").asString("");
            require(!content.isEmpty(), at + "/content", content, "a text");
            int id = requireInt(at + "/id");
            require(id >= 0, at + "/id", id, "a token id");
            tokens.add(new AddedToken(
                    content,
                    id,
                    !flag(at + "/special", false),
                    flag(at + "/normalized", true),
                    flag(at + "/lstrip", false),
                    flag(at + "/rstrip", false),
                    flag(at + "/single_word", false)));
        }
        return tokens;
    }

    public static void require(boolean holds, String where, Object actual, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "tokenizer file: " + where + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
