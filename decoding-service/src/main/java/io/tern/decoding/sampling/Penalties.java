package io.tern.decoding.sampling;

/**
 * Makes what was said less (or more) likely. Repetition: Keskar et al. 2019, section 4.1, over prompt and output;
 * presence and frequency: as OpenAI's API defines them, over the output.
 */
record Penalties(double repetition, double presence, double frequency, TokenCounts counts) implements LogitsFilter {
    @Override
    public void apply(float[] logits) {
        for (int i = 0; i < counts.distinct(); i++) {
            int token = counts.token(i);
            if (Float.isFinite(logits[token])) { // what is broken stays so, for the sampler to see
                logits[token] = penalised(logits[token], counts.generated(token));
            }
        }
    }

    /** Finite however small the repetition penalty is. */
    private float penalised(float unchanged, int times) {
        double logit = unchanged > 0 ? unchanged / repetition : unchanged * repetition;
        if (times > 0) {
            logit -= presence + times * frequency;
        }
        return (float) Math.clamp(logit, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}
