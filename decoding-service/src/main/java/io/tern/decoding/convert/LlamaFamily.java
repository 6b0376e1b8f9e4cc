package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import io.tern.decoding.gguf.GgufTensor;
import java.util.Set;

/** Llama as in Touvron et al. 2023, with grouped queries: SmolLM2, Llama 2, TinyLlama. */
final class LlamaFamily implements DecoderFamily {
    private static final String PREFIX = "llama.";
    private static final int MAX_LAYERS = 1024;
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_CONTEXT = 1 << 18;
    private static final int MAX_VOCABULARY = 1 << 22;
    /** Everything that the shape says; another key (scaled RoPE, experts, a sliding window) would be another network. */
    private static final Set<String> KNOWN = Set.of(
            "llama.block_count",
            "llama.context_length",
            "llama.embedding_length",
            "llama.feed_forward_length",
            "llama.attention.head_count",
            "llama.attention.head_count_kv",
            "llama.attention.layer_norm_rms_epsilon",
            "llama.rope.freq_base",
            "llama.rope.dimension_count",
            "llama.vocab_size");

    @Override
    public String architecture() {
        return "llama";
    }

    @Override
    public boolean interleavedRotaryRows() {
        return true;
    }

    @Override
    public DecoderShape shape(GgufFile file) {
        GgufMetadata metadata = file.metadata();
        for (String key : metadata.keys()) {
            if (key.startsWith(PREFIX) && !KNOWN.contains(key)) {
                throw TernException.invalid("GGUF " + key, "present", "a llama model without it");
            }
        }
        int width = metadata.whole("llama.embedding_length", 1, MAX_WIDTH);
        int heads = metadata.whole("llama.attention.head_count", 1, width);
        int headSize = headSize(metadata, width, heads);
        return new DecoderShape(
                metadata.whole("llama.block_count", 1, MAX_LAYERS),
                width,
                metadata.whole("llama.feed_forward_length", 1, MAX_WIDTH),
                heads,
                optional(metadata, "llama.attention.head_count_kv", heads, heads),
                headSize,
                vocabulary(file.tensor("token_embd.weight")),
                metadata.whole("llama.context_length", 1, MAX_CONTEXT),
                metadata.has("llama.rope.freq_base") ? metadata.real("llama.rope.freq_base") : 10_000,
                metadata.real("llama.attention.layer_norm_rms_epsilon"));
    }

    private static int headSize(GgufMetadata metadata, int width, int heads) {
        if (width % heads != 0) {
            throw TernException.invalid("GGUF llama.attention.head_count", heads, "a divisor of " + width);
        }
        int headSize = width / heads;
        int rotated = optional(metadata, "llama.rope.dimension_count", headSize, width);
        if (rotated != headSize) {
            throw TernException.invalid("GGUF llama.rope.dimension_count", rotated, headSize + ", the head size");
        }
        return headSize;
    }

    private static int vocabulary(GgufTensor embedding) {
        long rows = embedding.rows();
        if (rows > MAX_VOCABULARY) {
            throw TernException.invalid("GGUF rows of " + embedding.name(), rows, "at most " + MAX_VOCABULARY);
        }
        return (int) rows;
    }

    private static int optional(GgufMetadata metadata, String key, int absent, int max) {
        return metadata.has(key) ? metadata.whole(key, 1, max) : absent;
    }
}
