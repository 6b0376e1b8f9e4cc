package io.tern.decoding.draft;

import io.tern.decoding.sampling.Exponential;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The likeliest tokens of a drafter's distribution, likeliest first, of equal ones the smallest id.
 *
 * @param tokens their ids
 * @param logProbabilities under the drafter's whole distribution, at temperature 1
 */
public record Candidates(int[] tokens, double[] logProbabilities) {
    /** More than any drafter's branches need; what is beyond them is never proposed. */
    static final int MOST = 32;

    private static final Candidates NONE = new Candidates(new int[0], new double[0]);

    public int size() {
        return tokens.length;
    }

    /** Indexes of the first {@code count}, or of all. */
    int[] first(int count) {
        return IntStream.range(0, Math.min(count, tokens.length)).toArray();
    }

    /** Of a row of logits, whose places are the token ids. */
    public static Candidates of(float[] logits) {
        return of(logits, IntUnaryOperator.identity());
    }

    /** @param ids token of each place of the row */
    public static Candidates of(float[] logits, IntUnaryOperator ids) {
        return of(logits, logits.length, ids);
    }

    /** @param places of the row that count: the first so many */
    static Candidates of(float[] logits, int places, IntUnaryOperator ids) {
        int[] best = new int[Math.min(MOST, places)];
        int count = 0;
        for (int place = 0; place < places; place++) {
            if (count == best.length && !(logits[place] > logits[best[count - 1]])) {
                continue;
            }
            int at = count == best.length ? count - 1 : count++;
            while (at > 0 && logits[place] > logits[best[at - 1]]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = place;
        }
        double sum = 0;
        double greatest = logits[best[0]];
        for (int place = 0; place < places; place++) {
            sum += Exponential.of(logits[place] - greatest);
        }
        double logSum = greatest + StrictMath.log(sum);
        if (!Double.isFinite(logSum)) {
            return NONE; // a guess that has gone wrong is no guess; the target writes on without it
        }
        int[] tokens = new int[best.length];
        double[] logProbabilities = new double[best.length];
        for (int i = 0; i < best.length; i++) {
            tokens[i] = ids.applyAsInt(best[i]);
            logProbabilities[i] = logits[best[i]] - logSum;
        }
        return new Candidates(tokens, logProbabilities);
    }
}
