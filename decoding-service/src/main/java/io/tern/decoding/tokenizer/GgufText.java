package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import io.tern.text.BytePairTokenizer;
import io.tern.text.PreTokenization;
import io.tern.text.chat.ChatTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How the model of a GGUF file reads and writes text. */
final class GgufText {
    private static final String KEYS = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final int MOST_TOKENS = 1 << 21;
    /** Of the token types of a GGUF file; 1 is ordinary text. */
    private static final int NORMAL = 1;

    private static final int CONTROL = 3;
    /** Cut out of a text like a control token, and text all the same. */
    private static final int USER_DEFINED = 4;
    /** Of a place that nobody has filled. */
    private static final int UNUSED = 5;

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
            int[] types = types(metadata, vocabulary);
            return BytePairTokenizer.of(
                    vocabulary,
                    metadata.texts(KEYS + "merges"),
                    tokens(vocabulary, types, type -> type == CONTROL || type == USER_DEFINED),
                    specials(metadata, vocabulary, types),
                    preTokenization(metadata));
        } catch (IllegalArgumentException e) {
            throw TernException.invalid("GGUF vocabulary", e.getMessage(), "byte-level tokens and their merges");
        }
    }

    private static int[] types(GgufMetadata metadata, List<String> vocabulary) {
        int[] types = metadata.wholes(KEYS + "token_type");
        if (types.length != vocabulary.size() || types.length > MOST_TOKENS) {
            throw TernException.invalid(
                    "GGUF " + KEYS + "token_type",
                    types.length + " types",
                    vocabulary.size() + " types, at most " + MOST_TOKENS);
        }
        for (int id = 0; id < types.length; id++) {
            if (!Set.of(NORMAL, CONTROL, USER_DEFINED, UNUSED).contains(types[id])) {
                throw TernException.invalid("GGUF type of token " + id, types[id], "1, 3, 4 or 5");
            }
        }
        return types;
    }

    private static List<String> tokens(List<String> vocabulary, int[] types, IntPredicate wanted) {
        return IntStream.range(0, types.length)
                .filter(id -> wanted.test(types[id]))
                .mapToObj(vocabulary::get)
                .toList();
    }

    private static BytePairTokenizer.Specials specials(GgufMetadata metadata, List<String> vocabulary, int[] types) {
        boolean llama3 = preTokenization(metadata) == PreTokenization.LLAMA3;
        boolean begins = metadata.has(KEYS + "add_bos_token") ? metadata.flag(KEYS + "add_bos_token") : llama3;
        int[] beginning =
                begins ? new int[] {metadata.whole(KEYS + "bos_token_id", 0, vocabulary.size() - 1)} : new int[0];
        Set<String> text = Set.copyOf(tokens(vocabulary, types, type -> type == USER_DEFINED));
        return new BytePairTokenizer.Specials(text, beginning, llama3);
    }

    private static PreTokenization preTokenization(GgufMetadata metadata) {
        return switch (metadata.text(KEYS + "pre")) {
            case "smollm" -> PreTokenization.SMOLLM;
            case "gpt-2" -> PreTokenization.GPT2;
            case "llama-bpe", "llama3", "llama-v3" -> PreTokenization.LLAMA3;
            case "qwen2" -> PreTokenization.QWEN2;
            case String other ->
                throw TernException.invalid("GGUF " + KEYS + "pre", other, "smollm, gpt-2, llama-bpe or qwen2");
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
