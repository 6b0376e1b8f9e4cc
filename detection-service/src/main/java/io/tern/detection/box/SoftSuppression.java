package io.tern.detection.box;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Soft-NMS, Bodla et al. 2017, algorithm of figure 2: a box is not dropped for overlapping a better one, but its score is
 * multiplied by a factor of the overlap, and the best of those left comes next.
 *
 * @param factor by IoU, 0..1
 * @param threshold score below which boxes are given up
 */
record SoftSuppression(DoubleUnaryOperator factor, double threshold) implements Suppression {
    static final double USUAL_SIGMA = 0.5;

    /** Eq. 2: {@code 1 - iou} for an overlap beyond the limit. */
    static SoftSuppression linear(double iou, double threshold) {
        return new SoftSuppression(overlap -> overlap > iou ? 1 - overlap : 1, threshold);
    }

    /** Eq. 3: {@code exp(-iou² / sigma)}. */
    static SoftSuppression gaussian(double sigma, double threshold) {
        return new SoftSuppression(overlap -> Math.exp(-overlap * overlap / sigma), threshold);
    }

    @Override
    public List<ScoredBox> apply(List<ScoredBox> candidates, int most) {
        List<ScoredBox> rest = new ArrayList<>(candidates);
        double[] scores = new double[rest.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rest.get(i).score();
        }
        List<ScoredBox> kept = new ArrayList<>();
        int best;
        while (kept.size() < most && (best = best(scores)) >= 0 && scores[best] >= threshold) {
            ScoredBox box = rest.get(best);
            kept.add(new ScoredBox(box.box(), (float) scores[best], box.classId()));
            scores[best] = -1;
            for (int i = 0; i < scores.length; i++) {
                if (scores[i] >= 0) {
                    scores[i] *= factor.applyAsDouble(rest.get(i).box().iou(box.box()));
                }
            }
        }
        return kept;
    }

    /** The first of the greatest; -1 if none is left. */
    private static int best(double[] scores) {
        int best = -1;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] >= 0 && (best < 0 || scores[i] > scores[best])) {
                best = i;
            }
        }
        return best;
    }
}
