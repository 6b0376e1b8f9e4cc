package io.tern.detection.box;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Weighted boxes fusion, Solovyev et al. 2021, section 3: boxes of one object become one, the mean of their corners by
 * their scores; its score is their mean, less if fewer boxes than models agree. Of boxes of one class.
 *
 * @param iou a box joins the fused box that it overlaps most, if by more than this
 * @param models how many detectors the boxes come from
 * @param sure score from which boxes have a weight beside one that has it too
 */
record WeightedBoxFusion(double iou, int models, double sure) implements Suppression {
    @Override
    public List<ScoredBox> apply(List<ScoredBox> candidates, int most) {
        List<Cluster> clusters = new ArrayList<>();
        for (ScoredBox candidate : candidates) {
            Cluster nearest = null;
            double overlap = iou;
            for (Cluster cluster : clusters) {
                double other = cluster.box().iou(candidate.box());
                if (other > overlap) {
                    nearest = cluster;
                    overlap = other;
                }
            }
            if (nearest == null) {
                nearest = new Cluster(candidate.score() >= sure);
                clusters.add(nearest);
            }
            if (candidate.score() >= sure || !nearest.sure) {
                nearest.add(candidate);
            }
        }
        return clusters.stream()
                .map(cluster -> cluster.fused(models))
                .sorted(Comparator.comparingDouble(box -> -box.score()))
                .limit(most)
                .toList();
    }

    private static final class Cluster {
        private final boolean sure;
        private double x1;
        private double y1;
        private double x2;
        private double y2;
        private double scores;
        private int count;
        private int classId;

        Cluster(boolean sure) {
            this.sure = sure;
        }

        void add(ScoredBox box) {
            double weight = box.score();
            x1 += weight * box.box().x1();
            y1 += weight * box.box().y1();
            x2 += weight * box.box().x2();
            y2 += weight * box.box().y2();
            scores += weight;
            count++;
            classId = box.classId();
        }

        Box box() {
            double weight = Math.max(Double.MIN_NORMAL, scores); // boxes may have a score of 0
            return new Box(x1 / weight, y1 / weight, x2 / weight, y2 / weight);
        }

        ScoredBox fused(int models) {
            double agreement = Math.min(count, models) / (double) models;
            return new ScoredBox(box(), (float) (scores / count * agreement), classId);
        }
    }
}
