package io.tern.bench;

import io.tern.detection.v1.Detection;
import java.util.List;

/** Who finds something else does other work, and is no measure. */
final class SameAnswer {
    /** Resampling in other precision moves a score by less. */
    private static final double SCORE_TOLERANCE = 0.002;

    private static final double PIXEL_TOLERANCE = 0.5;

    private SameAnswer() {}

    /** @throws IllegalStateException if the two do not agree in each object, in the order of their scores */
    static void require(List<Detection> ours, List<WholeLoop.Found> theirs) {
        boolean same = ours.size() == theirs.size() && !ours.isEmpty();
        for (int i = 0; same && i < ours.size(); i++) {
            same = same(ours.get(i), theirs.get(i));
        }
        if (!same) {
            throw new IllegalStateException("objects: " + theirs + " (expected: " + ours + ")");
        }
    }

    private static boolean same(Detection ours, WholeLoop.Found theirs) {
        return ours.getClassId() == theirs.classId()
                && Math.abs(ours.getScore() - theirs.score()) < SCORE_TOLERANCE
                && isNear(ours.getBox().getX1(), theirs.x1())
                && isNear(ours.getBox().getY1(), theirs.y1())
                && isNear(ours.getBox().getX2(), theirs.x2())
                && isNear(ours.getBox().getY2(), theirs.y2());
    }

    private static boolean isNear(double ours, double theirs) {
        return Math.abs(ours - theirs) < PIXEL_TOLERANCE;
    }
}
