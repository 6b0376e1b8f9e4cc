package io.tern.detection;

import io.tern.detection.Golden.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What "equal to the reference" means for pictures without loss. */
public final class Gate {
    public static final float THRESHOLD = 0.3f;
    private static final double LEAST_IOU = 0.99;
    private static final double SCORE_TOLERANCE = 0.002;

    private Gate() {}

    /**
     * Each reference box from the threshold on is found once with its class, its place and its score, and nothing else
     * beyond the tolerance.
     *
     * @param found with a threshold a little below
     * @return what is wrong first, if anything
     */
    public static Optional<String> firstFault(List<Reference> references, List<Detection> found) {
        List<Detection> left = new ArrayList<>(found);
        for (Reference wanted : references) {
            if (wanted.score() < THRESHOLD) {
                continue;
            }
            Optional<Detection> match = left.stream()
                    .filter(detection -> detection.className().equals(wanted.className()))
                    .max(Comparator.comparingDouble(detection -> detection.box().iou(wanted.xyxy())));
            if (match.isEmpty()
                    || !(match.get().box().iou(wanted.xyxy()) >= LEAST_IOU)
                    || !(Math.abs(match.get().score() - wanted.score()) <= SCORE_TOLERANCE)) {
                return Optional.of(wanted + " against " + match);
            }
            left.remove(match.get());
        }
        return left.stream()
                .filter(extra -> extra.score() > THRESHOLD + SCORE_TOLERANCE)
                .map(extra -> "extra " + extra)
                .findFirst();
    }
}
