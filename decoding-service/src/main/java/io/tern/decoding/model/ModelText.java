package io.tern.decoding.model;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import io.tern.text.BytePairTokenizer;
import io.tern.text.PreTokenization;
import io.tern.text.Tokenizer;
import io.tern.text.chat.ChatTemplate;
import io.tern.text.chat.TemplateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model reads and writes text, from its GGUF file.
 *
 * @param chatTemplate empty for a model that was not trained to converse
 */
public record ModelText(Tokenizer tokenizer, Optional<ChatTemplate> chatTemplate) {
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    // Values of tokenizer.ggml.token_type.
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    /** By the value of {@code tokenizer.ggml.pre}. */
    private static final Map<String, PreTokenization> PRE_TOKENIZATIONS = Map.of(
            "smollm", PreTokenization.SMOLLM,
            "gpt-2", PreTokenization.GPT2);
    /** Variables of the template by the key that holds the token's id. */
    private static final Map<String, String> SPECIAL_TOKENS = Map.of(
            "tokenizer.ggml.bos_token_id", "bos_token",
            "tokenizer.ggml.eos_token_id", "eos_token",
            "tokenizer.ggml.unknown_token_id", "unk_token",
            "tokenizer.ggml.padding_token_id", "pad_token");

    /** @throws TernException INVALID_ARGUMENT for a file that is broken or asks for what is not built */
    public static ModelText read(Path gguf) throws IOException {
        try (GgufFile file = GgufFile.open(gguf)) {
            GgufMetadata metadata = file.metadata();
            List<String> tokens = metadata.texts(TOKENS);
            requireAsManyAsEmbeddings(file, tokens.size());
            return new ModelText(tokenizer(metadata, tokens), chatTemplate(metadata, tokens));
        } catch (IllegalArgumentException | TemplateException e) {
            throw new TernException(ErrorCode.INVALID_ARGUMENT, "GGUF tokenizer: " + e.getMessage(), null, e);
        }
    }

    private static Tokenizer tokenizer(GgufMetadata metadata, List<String> tokens) {
        require(metadata, "tokenizer.ggml.model", "gpt2");
        String pre = metadata.text("tokenizer.ggml.pre");
        PreTokenization preTokenization = PRE_TOKENIZATIONS.get(pre);
        if (preTokenization == null) {
            throw TernException.invalid("GGUF tokenizer.ggml.pre", pre, "one of " + PRE_TOKENIZATIONS.keySet());
        }
        String addsBegin = "tokenizer.ggml.add_bos_token";
        if (metadata.has(addsBegin) && metadata.flag(addsBegin)) {
            throw TernException.invalid("GGUF " + addsBegin, true, "false");
        }
        List<String> merges = metadata.texts("tokenizer.ggml.merges");
        return BytePairTokenizer.of(tokens, merges, addedTokens(metadata, tokens), preTokenization);
    }

    /** Those that stand for themselves and are cut out of a text first. */
    private static List<String> addedTokens(GgufMetadata metadata, List<String> tokens) {
        int[] types = metadata.wholes("tokenizer.ggml.token_type");
        if (types.length != tokens.size()) {
            throw TernException.invalid("GGUF tokenizer.ggml.token_type", types.length, tokens.size() + " elements");
        }
        List<String> added = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL || types[id] == USER_DEFINED) {
                added.add(tokens.get(id));
            }
        }
        return added;
    }

    private static Optional<ChatTemplate> chatTemplate(GgufMetadata metadata, List<String> tokens) {
        if (!metadata.has(TEMPLATE)) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        SPECIAL_TOKENS.forEach((key, variable) -> {
            if (metadata.has(key)) {
                variables.put(variable, tokens.get(metadata.whole(key, 0, tokens.size() - 1)));
            }
        });
        return Optional.of(ChatTemplate.parse(metadata.text(TEMPLATE), variables));
    }

    private static void requireAsManyAsEmbeddings(GgufFile file, int tokens) {
        long embeddings = file.tensor("token_embd.weight").rows();
        if (tokens != embeddings) {
            throw TernException.invalid("GGUF " + TOKENS, tokens, embeddings + " elements, one for each embedding");
        }
    }

    private static void require(GgufMetadata metadata, String key, String expected) {
        String found = metadata.text(key);
        if (!found.equals(expected)) {
            throw TernException.invalid("GGUF " + key, found, expected);
        }
    }
}
