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
            double logit = logits[token];
            logit = logit > 0 ? logit / repetition : logit * repetition;
            int times = counts.generated(token);
            if (times > 0) {
                logit -= presence + times * frequency;
            }
            logits[token] = (float) logit;
        }
    }
}
