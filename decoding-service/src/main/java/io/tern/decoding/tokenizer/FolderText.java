package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.JsonFile;
import io.tern.text.Tokenizer;
import io.tern.text.chat.ChatTemplate;
import io.tern.text.piece.PieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How the model of a Hugging Face folder reads and writes text: tokenizer.json, tokenizer_config.json, chat_template.jinja. */
final class FolderText {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String TEMPLATE = "chat_template.jinja";
    private static final long MAX_TOKENIZER_BYTES = 1 << 27;
    private static final long MAX_TEMPLATE_BYTES = 1 << 20;

    private FolderText() {}

    static ModelText read(Path folder) throws IOException {
        Optional<JsonNode> config = JsonFile.find(folder.resolve(CONFIG));
        Optional<String> template = template(folder, config);
        Map<String, String> tokens = config.map(FolderText::namedTokens).orElse(Map.of());
        @Nullable
        ChatTemplate parsed = template.map(text -> ModelText.template("chat_template", text, tokens))
                .orElse(null);
        return new ModelText(tokenizer(folder.resolve(TOKENIZER)), parsed);
    }

    private static Tokenizer tokenizer(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new NoTokenizer(0);
        }
        TernException.require(
                Files.size(file) <= MAX_TOKENIZER_BYTES,
                TOKENIZER,
                Files.size(file) + " bytes",
                "at most " + MAX_TOKENIZER_BYTES);
        try {
            return PieceTokenizer.load(file);
        } catch (IllegalArgumentException e) {
            throw TernException.invalid(TOKENIZER, e.getMessage(), "a tokenizer of a kind that is supported");
        }
    }

    private static Optional<String> template(Path folder, Optional<JsonNode> config) throws IOException {
        Path file = folder.resolve(TEMPLATE);
        if (Files.isRegularFile(file)) {
            TernException.require(
                    Files.size(file) <= MAX_TEMPLATE_BYTES,
                    TEMPLATE,
                    Files.size(file) + " bytes",
                    "at most " + MAX_TEMPLATE_BYTES);
            return Optional.of(Files.readString(file));
        }
        return config.map(node -> node.path("chat_template")).flatMap(FolderText::template);
    }

    /** A text, or a list of named ones. */
    private static Optional<String> template(JsonNode node) {
        if (node.isString()) {
            return Optional.of(node.stringValue());
        }
        for (JsonNode named : node) {
            if (named.path("name").asString("").equals("default")) {
                return Optional.of(named.path("template").asString(""));
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> namedTokens(JsonNode config) {
        Map<String, String> tokens = new HashMap<>();
        for (String name : List.of("bos_token", "eos_token", "unk_token", "pad_token")) {
            JsonNode token = config.path(name);
            String text = token.isObject() ? token.path("content").asString("") : token.asString("");
            if (!text.isEmpty()) {
                tokens.put(name, text);
            }
        }
        return tokens;
    }
}
