package io.tern.detection.family;

import io.tern.detection.box.BestScores;
import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One grid of NanoDet.
 *
 * @param stride pixels of the input from one place to the next
 * @param columns places in a row
 * @param classes scores at a place, 0..1 each
 * @param bins values of a side's distribution; bin i stands for a distance of i strides
 */
record NanoDetLevel(int stride, int columns, int classes, int bins) {
    private static final Pattern SCORES = Pattern.compile("cls_pred_stride_([1-9][0-9]{0,3})");

    /** The grids that a model's outputs describe, finest first; none if they are not NanoDet's. */
    static List<NanoDetLevel> of(NetworkSignature signature, int width, int height) {
        Map<String, Port> outputs = new HashMap<>();
        signature.outputs().forEach(output -> outputs.put(output.name(), output));
        List<NanoDetLevel> levels = new ArrayList<>();
        for (Port scores : signature.outputs()) {
            Matcher name = SCORES.matcher(scores.name());
            if (!name.matches()) {
                continue;
            }
            int stride = Integer.parseInt(name.group(1));
            Port distances = outputs.get("dis_pred_stride_" + stride);
            int columns = Math.ceilDiv(width, stride);
            long places = (long) columns * Math.ceilDiv(height, stride);
            if (distances == null || !isGrid(scores, places) || !isGrid(distances, places)) {
                return List.of();
            }
            long sides = distances.shape().dimension(2);
            if (sides % 4 != 0) {
                return List.of();
            }
            levels.add(new NanoDetLevel(stride, columns, (int) scores.shape().dimension(2), (int) sides / 4));
        }
        levels.sort(Comparator.comparingInt(NanoDetLevel::stride));
        return levels;
    }

    private static boolean isGrid(Port output, long places) {
        Shape shape = output.shape();
        return output.isFloat() && shape.rank() == 3 && shape.dimension(1) == places && shape.dimension(2) > 0;
    }

    String scoresName() {
        return "cls_pred_stride_" + stride;
    }

    String distancesName() {
        return "dis_pred_stride_" + stride;
    }

    /** Offers the scores that the filter lets through, under their indices counted from {@code firstIndex}. */
    void offer(float[] scores, int firstIndex, CandidateFilter filter, BestScores best) {
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] >= filter.threshold() && filter.classes().test(i % classes)) {
                best.offer(scores[i], firstIndex + i);
            }
        }
    }

    /** The box of the score with this index, clipped to the input. */
    ScoredBox box(int index, float[] scores, float[] distances, Placement placement) {
        int place = index / classes;
        double centreX = (place % columns + 0.5) * stride;
        double centreY = (place / columns + 0.5) * stride;
        int sides = place * 4 * bins;
        Box box = new Box(
                centreX - distance(distances, sides),
                centreY - distance(distances, sides + bins),
                centreX + distance(distances, sides + 2 * bins),
                centreY + distance(distances, sides + 3 * bins));
        return new ScoredBox(box.clip(placement.inputWidth(), placement.inputHeight()), scores[index], index % classes);
    }

    private double distance(float[] logits, int from) {
        return expectation(logits, from, bins) * stride;
    }

    /** The mean of a side's distribution, a softmax over its bins, in strides; Li et al. 2020, eq. 5. */
    static double expectation(float[] logits, int from, int bins) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < bins; i++) {
            largest = Math.max(largest, logits[from + i]);
        }
        double sum = 0;
        double moment = 0;
        for (int i = 0; i < bins; i++) {
            double weight = Math.exp(logits[from + i] - largest);
            sum += weight;
            moment += i * weight;
        }
        return moment / sum;
    }
}
