package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import io.tern.text.BytePairTokenizer;
import io.tern.text.PreTokenization;
import io.tern.text.chat.ChatTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the model of a GGUF file reads and writes text. */
final class GgufText {
    private static final String KEYS = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final int MOST_TOKENS = 1 << 21;
    /** Of the token types of a GGUF file; 1 is ordinary text. */
    private static final int NORMAL = 1;

    private static final int CONTROL = 3;

    private GgufText() {}

    static ModelText read(Path gguf) throws IOException {
        try (GgufFile file = GgufFile.open(gguf)) {
            GgufMetadata metadata = file.metadata();
            requireText(metadata, "model", "gpt2");
            List<String> vocabulary = metadata.texts(KEYS + "tokens");
            return new ModelText(tokenizer(metadata, vocabulary), template(metadata, vocabulary));
        }
    }

    private static BytePairTokenizer tokenizer(GgufMetadata metadata, List<String> vocabulary) {
        try {
            return BytePairTokenizer.of(
                    vocabulary,
                    metadata.texts(KEYS + "merges"),
                    controlTokens(vocabulary, metadata.wholes(KEYS + "token_type")),
                    preTokenization(metadata));
        } catch (IllegalArgumentException e) {
            throw TernException.invalid("GGUF vocabulary", e.getMessage(), "byte-level tokens and their merges");
        }
    }

    private static List<String> controlTokens(List<String> vocabulary, int[] types) {
        if (types.length != vocabulary.size() || types.length > MOST_TOKENS) {
            throw TernException.invalid(
                    "GGUF " + KEYS + "token_type",
                    types.length + " types",
                    vocabulary.size() + " types, at most " + MOST_TOKENS);
        }
        List<String> control = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL) {
                control.add(vocabulary.get(id));
            } else if (types[id] != NORMAL) {
                throw TernException.invalid("GGUF type of token " + id, types[id], "1 (normal) or 3 (control)");
            }
        }
        return control;
    }

    private static PreTokenization preTokenization(GgufMetadata metadata) {
        return switch (metadata.text(KEYS + "pre")) {
            case "smollm" -> PreTokenization.SMOLLM;
            case "gpt-2" -> PreTokenization.GPT2;
            case String other -> throw TernException.invalid("GGUF " + KEYS + "pre", other, "smollm or gpt-2");
        };
    }

    private static @Nullable ChatTemplate template(GgufMetadata metadata, List<String> vocabulary) {
        if (!metadata.has(TEMPLATE)) {
            return null;
        }
        Map<String, String> tokens = new HashMap<>();
        for (String name : List.of("bos", "eos")) {
            String key = KEYS + name + "_token_id";
            if (metadata.has(key)) {
                tokens.put(name + "_token", vocabulary.get(metadata.whole(key, 0, vocabulary.size() - 1)));
            }
        }
        return ModelText.template("GGUF " + TEMPLATE, metadata.text(TEMPLATE), tokens);
    }

    private static void requireText(GgufMetadata metadata, String key, String expected) {
        String actual = metadata.text(KEYS + key);
        if (!actual.equals(expected)) {
            throw TernException.invalid("GGUF " + KEYS + key, actual, expected);
        }
    }
}
