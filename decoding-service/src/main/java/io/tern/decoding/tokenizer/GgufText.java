package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import io.tern.text.chat.ChatTemplate;
import io.tern.text.piece.PieceTokenizer;
import io.tern.text.piece.PieceVocabulary;
import io.tern.text.preprocess.PreTokenization;
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
    /** What llama.cpp calls a model that is served for token ids alone. */
    private static final List<String> NONE = List.of("none", "no_vocab");

    /** The token types of a GGUF file, which are counted from 1. */
    private static final List<PieceVocabulary.Kind> KINDS = List.of(
            PieceVocabulary.Kind.NORMAL,
            PieceVocabulary.Kind.UNKNOWN,
            PieceVocabulary.Kind.CONTROL,
            PieceVocabulary.Kind.ADDED,
            PieceVocabulary.Kind.UNUSED,
            PieceVocabulary.Kind.BYTE);

    private GgufText() {}

    static ModelText read(Path gguf) throws IOException {
        try (GgufFile file = GgufFile.open(gguf)) {
            GgufMetadata metadata = file.metadata();
            if (!metadata.has(KEYS + "model") || NONE.contains(metadata.text(KEYS + "model"))) {
                return new ModelText(new NoTokenizer(0), null);
            }
            List<String> vocabulary = metadata.texts(KEYS + "tokens");
            return new ModelText(tokenizer(metadata, vocabulary), template(metadata, vocabulary));
        }
    }

    private static PieceTokenizer tokenizer(GgufMetadata metadata, List<String> tokens) {
        String model = metadata.text(KEYS + "model");
        try {
            return switch (model) {
                case "gpt2" -> bytePairs(metadata, tokens);
                case "llama" -> scoredPairs(metadata, tokens);
                default -> throw TernException.invalid("GGUF " + KEYS + "model", model, "gpt2 or llama");
            };
        } catch (IllegalArgumentException e) {
            throw TernException.invalid("GGUF vocabulary", e.getMessage(), "tokens that belong together");
        }
    }

    private static PieceTokenizer bytePairs(GgufMetadata metadata, List<String> tokens) {
        PreTokenization preTokenization = preTokenization(metadata);
        boolean llama3 = preTokenization == PreTokenization.LLAMA3;
        PieceVocabulary vocabulary = vocabulary(metadata, tokens, llama3);
        // Their vocabularies hold pieces that no merges lead to.
        boolean wholePieces = llama3 || preTokenization == PreTokenization.TEKKEN;
        // An empty list has no type in GGUF, so its writers leave it out.
        List<String> merges = metadata.has(KEYS + "merges") ? metadata.texts(KEYS + "merges") : List.of();
        return vocabulary.bytePairs(merges, preTokenization, wholePieces);
    }

    /** SentencePiece's own BPE. */
    private static PieceTokenizer scoredPairs(GgufMetadata metadata, List<String> tokens) {
        String squeezed = KEYS + "remove_extra_whitespaces";
        if (metadata.has(squeezed) && metadata.flag(squeezed)) {
            throw TernException.invalid("GGUF " + squeezed, true, "false");
        }
        String prefix = KEYS + "add_space_prefix";
        return vocabulary(metadata, tokens, true)
                .scoredPairs(metadata.reals(KEYS + "scores"), !metadata.has(prefix) || metadata.flag(prefix));
    }

    /** @param begins whether a text begins with a token of its own, where the file does not say */
    private static PieceVocabulary vocabulary(GgufMetadata metadata, List<String> tokens, boolean begins) {
        String key = KEYS + "add_bos_token";
        boolean beginning = metadata.has(key) ? metadata.flag(key) : begins;
        return new PieceVocabulary(
                tokens,
                kinds(metadata, tokens.size()),
                beginning ? new int[] {metadata.whole(KEYS + "bos_token_id", 0, tokens.size() - 1)} : new int[0]);
    }

    private static List<PieceVocabulary.Kind> kinds(GgufMetadata metadata, int count) {
        int[] types = metadata.wholes(KEYS + "token_type");
        if (types.length != count || types.length > MOST_TOKENS) {
            throw TernException.invalid(
                    "GGUF " + KEYS + "token_type", types.length + " types", count + " types, at most " + MOST_TOKENS);
        }
        List<PieceVocabulary.Kind> kinds = new ArrayList<>(count);
        for (int id = 0; id < types.length; id++) {
            if (types[id] < 1 || types[id] > KINDS.size()) {
                throw TernException.invalid("GGUF type of token " + id, types[id], "1.." + KINDS.size());
            }
            kinds.add(KINDS.get(types[id] - 1));
        }
        return kinds;
    }

    /** By the names that llama.cpp's converter gives them. */
    private static PreTokenization preTokenization(GgufMetadata metadata) {
        String name = metadata.has(KEYS + "pre") ? metadata.text(KEYS + "pre") : "absent";
        return switch (name) {
            case "gpt-2", "phi-2", "mpt", "olmo", "jais", "gigachat" -> PreTokenization.GPT2;
            case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b" ->
                PreTokenization.SMOLLM;
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "dbrx", "smaug-bpe", "pixtral-llama3" ->
                PreTokenization.LLAMA3;
            case "qwen2", "deepseek-r1-qwen", "stablelm2" -> PreTokenization.QWEN2;
            case "tekken" -> PreTokenization.TEKKEN;
            case "gpt-4o", "llama4" -> PreTokenization.GPT4O;
            default ->
                throw TernException.invalid(
                        "GGUF " + KEYS + "pre",
                        name,
                        "gpt-2, smollm, llama-bpe, qwen2, tekken, gpt-4o or another name of one of these");
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
}
