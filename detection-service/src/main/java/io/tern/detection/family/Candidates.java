package io.tern.detection.family;

import io.tern.detection.box.BestScores;
import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The best boxes among many places: first the scores are looked at, and boxes are made of the best alone. */
final class Candidates {
    private Candidates() {}

    @FunctionalInterface
    interface Scores {
        float at(int place, int classId);
    }

    @FunctionalInterface
    interface Boxes {
        /** null: no box of numbers. */
        @Nullable
        Box at(int place);
    }

    /** A place may show several classes. */
    static List<ScoredBox> ofEachClass(int places, int classes, Scores scores, Boxes boxes, CandidateFilter filter) {
        BestScores best = new BestScores(filter.most());
        for (int place = 0; place < places; place++) {
            for (int id = 0; id < classes; id++) {
                float score = scores.at(place, id);
                if (score >= filter.threshold() && filter.classes().test(id)) {
                    best.offer(score, place * classes + id);
                }
            }
        }
        return boxes(best, classes, scores, boxes);
    }

    /** A place shows its best class; of equal ones the first. */
    static List<ScoredBox> ofBestClass(int places, int classes, Scores scores, Boxes boxes, CandidateFilter filter) {
        BestScores best = new BestScores(filter.most());
        for (int place = 0; place < places; place++) {
            int id = 0;
            float score = scores.at(place, 0);
            for (int other = 1; other < classes; other++) {
                float otherScore = scores.at(place, other);
                if (otherScore > score) {
                    id = other;
                    score = otherScore;
                }
            }
            if (score >= filter.threshold() && filter.classes().test(id)) {
                best.offer(score, place * classes + id);
            }
        }
        return boxes(best, classes, scores, boxes);
    }

    /** The network has chosen class and score of each place already; a negative class is none. */
    static List<ScoredBox> ofOneClass(int places, ClassIds ids, Scores scores, Boxes boxes, CandidateFilter filter) {
        BestScores best = new BestScores(filter.most());
        for (int place = 0; place < places; place++) {
            int id = ids.at(place);
            float score = scores.at(place, id);
            if (id >= 0 && score >= filter.threshold() && filter.classes().test(id)) {
                best.offer(score, place);
            }
        }
        List<ScoredBox> found = new ArrayList<>();
        for (int place : best.indices()) {
            Box box = boxes.at(place);
            if (box != null) {
                found.add(new ScoredBox(box, scores.at(place, ids.at(place)), ids.at(place)));
            }
        }
        return found;
    }

    @FunctionalInterface
    interface ClassIds {
        int at(int place);
    }

    private static List<ScoredBox> boxes(BestScores best, int classes, Scores scores, Boxes boxes) {
        List<ScoredBox> found = new ArrayList<>();
        for (int index : best.indices()) {
            int place = index / classes;
            Box box = boxes.at(place);
            if (box != null) {
                found.add(new ScoredBox(box, scores.at(place, index % classes), index % classes));
            }
        }
        return found;
    }

    /** From corner to opposite corner; null if one of them is nowhere. */
    static @Nullable Box corners(double ax, double ay, double bx, double by) {
        if (!Double.isFinite(ax) || !Double.isFinite(ay) || !Double.isFinite(bx) || !Double.isFinite(by)) {
            return null;
        }
        return new Box(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
    }

    static @Nullable Box around(double x, double y, double width, double height) {
        return corners(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }
}
