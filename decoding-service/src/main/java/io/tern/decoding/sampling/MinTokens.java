package io.tern.decoding.sampling;

/**
 * No token that ends a text comes before there are enough others; but where a text's form leaves nothing else, it ends. Owned
 * by one sequence.
 */
public final class MinTokens implements Constraint {
    private final int[] ends;
    private int missing;

    /** @param ends different tokens */
    public MinTokens(int count, int... ends) {
        this.missing = count;
        this.ends = ends.clone();
    }

    @Override
    public void apply(float[] logits) {
        if (missing > 0 && somethingElse(logits)) {
            for (int end : ends) {
                logits[end] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    private boolean somethingElse(float[] logits) {
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] != Float.NEGATIVE_INFINITY && !isEnd(token)) {
                return true;
            }
        }
        return false;
    }

    private boolean isEnd(int token) {
        for (int end : ends) {
            if (end == token) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void accept(int token) {
        missing--;
    }

    @Override
    public Constraint fork() {
        return new MinTokens(missing, ends);
    }
}
