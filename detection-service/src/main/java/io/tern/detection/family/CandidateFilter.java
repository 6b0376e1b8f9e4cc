package io.tern.detection.family;

import java.util.function.IntPredicate;

/**
 * Which boxes are looked at before suppression.
 *
 * @param threshold least score, 0..1
 * @param classes whether boxes of a class id are wanted
 * @param most how many, the best ones
 */
public record CandidateFilter(float threshold, IntPredicate classes, int most) {
    public CandidateFilter {
        if (!(threshold >= 0 && threshold <= 1)) { // so that NaN fails too
            throw new IllegalArgumentException("threshold: " + threshold + " (expected: 0..1)");
        }
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: at least 1)");
        }
    }

    /** With no more than so many. */
    CandidateFilter atMost(int limit) {
        return new CandidateFilter(threshold, classes, Math.min(most, limit));
    }
}
