package io.tern.detection.eval;

import io.tern.detection.Detection;
import io.tern.detection.box.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which detections of one class in one picture are right, among objects of one size and at one IoU. As in pycocotools:
 * best score first, each takes the best object that is still free; crowds and objects of another size are taken only
 * where nothing else is, and then the detection does not count.
 */
final class PictureMatches {
    /** Of two equal IoUs at the threshold both count, in spite of rounding. */
    private static final double ALMOST_ONE = 1 - 1e-10;

    private final List<Match> matches = new ArrayList<>();
    private int objects;

    /** @param correct the detection is an object that counts; a detection that does not count is not listed */
    record Match(float score, boolean correct) {}

    /**
     * @param truths of the class
     * @param detections of the class, best score first, as many as may be looked at
     */
    PictureMatches(List<Truth> truths, List<Detection> detections, AreaRange range, double iou) {
        List<Truth> ordered = new ArrayList<>(truths);
        ordered.sort(Comparator.comparing(truth -> ignored(truth, range))); // stable: those that count first
        boolean[] taken = new boolean[ordered.size()];
        for (Truth truth : ordered) {
            objects += ignored(truth, range) ? 0 : 1;
        }
        for (Detection detection : detections) {
            int best = best(detection, ordered, taken, range, Math.min(iou, ALMOST_ONE));
            if (best >= 0) {
                taken[best] = true;
                if (!ignored(ordered.get(best), range)) {
                    matches.add(new Match(detection.score(), true));
                }
            } else if (range.holds(detection.box().area())) {
                matches.add(new Match(detection.score(), false));
            }
        }
    }

    List<Match> matches() {
        return matches;
    }

    /** How many there were to be found. */
    int objects() {
        return objects;
    }

    private static int best(
            Detection detection, List<Truth> truths, boolean[] taken, AreaRange range, double leastIou) {
        double bestIou = leastIou;
        int best = -1;
        for (int i = 0; i < truths.size(); i++) {
            Truth truth = truths.get(i);
            if (taken[i] && !truth.crowd()) {
                continue;
            }
            if (best >= 0 && !ignored(truths.get(best), range) && ignored(truth, range)) {
                break;
            }
            double iou = iou(detection.box(), truth);
            if (iou >= bestIou) {
                bestIou = iou;
                best = i;
            }
        }
        return best;
    }

    /** With a crowd the part of the detection that lies in it: it need not fill it. */
    private static double iou(Box box, Truth truth) {
        double intersection = box.intersection(truth.box());
        if (intersection == 0) {
            return 0;
        }
        return intersection
                / (truth.crowd() ? box.area() : box.area() + truth.box().area() - intersection);
    }

    private static boolean ignored(Truth truth, AreaRange range) {
        return truth.crowd() || !range.holds(truth.area());
    }
}
