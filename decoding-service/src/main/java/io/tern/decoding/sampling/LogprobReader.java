package io.tern.decoding.sampling;

import io.tern.base.TernException;
import io.tern.decoding.model.Logits;
import java.util.ArrayList;
import java.util.List;

/**
 * Log probabilities under the model's own distribution: before bias, penalties, temperature and truncation, as vLLM
 * reports them. Log-softmax in double precision. Owned by one sequence.
 */
public final class LogprobReader {
    /** Of a token that cannot come: JSON has no infinity, and this is what vLLM writes. */
    private static final double IMPOSSIBLE = -9999;

    private final float[] values;
    private final int topCount;

    /** @param topCount how many of the likeliest tokens are reported with each, 0..20 */
    public LogprobReader(int vocabularySize, int topCount) {
        this.values = new float[vocabularySize];
        this.topCount = topCount;
    }

    /**
     * @param token that stands there
     * @throws TernException INTERNAL_ERROR if the row has no greatest number
     */
    public Logprobs read(Logits logits, int row, int token) {
        logits.copyRow(row, values);
        double logSum = logSumExp();
        List<TokenLogprob> top = new ArrayList<>();
        for (int best : likeliest()) {
            top.add(new TokenLogprob(best, Math.max(IMPOSSIBLE, values[best] - logSum)));
        }
        return new Logprobs(Math.max(IMPOSSIBLE, values[token] - logSum), rank(values[token]), top);
    }

    private int rank(float of) {
        int rank = 0;
        for (float value : values) {
            rank += value >= of ? 1 : 0;
        }
        return rank;
    }

    private double logSumExp() {
        float max = values[Logits.argMax(values)];
        double sum = 0;
        for (float value : values) {
            sum += Exponential.of((double) value - max);
        }
        return max + StrictMath.log(sum);
    }

    /** Ids of the greatest values, the greatest first, of equal ones the smallest id first. */
    private int[] likeliest() {
        int[] best = new int[Math.min(topCount, values.length)];
        int count = 0;
        for (int token = 0; token < values.length && best.length > 0; token++) {
            if (count == best.length && values[token] <= values[best[count - 1]]) {
                continue;
            }
            int at = count == best.length ? count - 1 : count++;
            while (at > 0 && values[token] > values[best[at - 1]]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = token;
        }
        return best;
    }
}
