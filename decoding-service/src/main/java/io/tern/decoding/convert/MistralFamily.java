package io.tern.decoding.convert;

import java.util.List;

/** Mistral 7B and its kin: a llama each of whose layers sees a window. Jiang et al. 2023. */
final class MistralFamily implements DecoderFamily {
    @Override
    public List<String> architectures() {
        return List.of();
    }

    @Override
    public List<String> modelTypes() {
        return List.of("mistral");
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        return DecoderDesign.plain(DecoderShape.of(settings, 0), settings).withWindows(settings, _ -> true);
    }
}
