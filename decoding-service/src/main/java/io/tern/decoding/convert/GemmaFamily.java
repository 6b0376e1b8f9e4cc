package io.tern.decoding.convert;

import java.util.List;

/** What Gemma 2 and 3 have in common: norms stored as differences, one matrix for embedding and head, scaled embeddings. */
sealed interface GemmaFamily extends DecoderFamily permits Gemma2Family, Gemma3Family {
    /** Trained as a difference from 1; GGUF files have the sum. */
    @Override
    default float normOffset() {
        return 1;
    }

    @Override
    default boolean tiedByDefault() {
        return true;
    }

    /** Logits may be bent; attn_logit_softcapping is Gemma 2's, and no implementation of Gemma 3 reads it. */
    @Override
    default List<String> refusedKeys() {
        return List.of();
    }

    /**
     * @param largest layers of the one model of the family whose queries are scaled otherwise
     * @param scoreCap 0: scores are not bent
     */
    static DecoderScales scales(DecoderSettings settings, DecoderShape shape, int largest, double scoreCap) {
        double attention = 1 / Math.sqrt(queryScalar(settings, shape, largest));
        double logitCap = settings.real(Setting.LOGIT_CAP, 0);
        return new DecoderScales(attention, scoreCap, Math.sqrt(shape.width()), 1, 1, logitCap);
    }

    private static double queryScalar(DecoderSettings settings, DecoderShape shape, int largest) {
        if (settings.has(Setting.QUERY_SCALAR)) {
            return settings.real(Setting.QUERY_SCALAR);
        }
        // GGUF files do not say it.
        return shape.layers() == largest ? (double) shape.width() / shape.heads() : shape.headSize();
    }
}
