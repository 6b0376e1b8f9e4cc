package io.tern.decoding.sampling;

import java.util.BitSet;
import java.util.Set;

/** Only these tokens come, wherever they stand. */
final class AllowedTokens implements Constraint {
    private final BitSet allowed = new BitSet();

    AllowedTokens(Set<Integer> tokens) {
        tokens.forEach(allowed::set);
    }

    @Override
    public void apply(float[] logits) {
        for (int token = 0; token < logits.length; token++) {
            if (!allowed.get(token)) {
                logits[token] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    @Override
    public void accept(int token) {}

    @Override
    public Constraint fork() {
        return this;
    }
}
