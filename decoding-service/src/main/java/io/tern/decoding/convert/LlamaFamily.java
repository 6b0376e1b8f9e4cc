package io.tern.decoding.convert;

import java.util.List;

/**
 * Llama as in Touvron et al. 2023, with grouped queries: SmolLM2, TinyLlama, Llama 2 and 3 with its scaled rotary
 * embedding. GGUF files of Mistral say that they are llamas, too.
 */
final class LlamaFamily implements DecoderFamily {
    @Override
    public List<String> architectures() {
        return List.of("llama");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("llama");
    }

    @Override
    public boolean interleavedInGguf() {
        return true;
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        return DecoderDesign.plain(DecoderShape.of(settings, 0), settings);
    }
}
