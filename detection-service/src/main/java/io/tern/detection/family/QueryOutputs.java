package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What detectors that predict a set give: for each of some queries the logits of the classes, and a box as centre and
 * size in 0..1 of the input. Carion et al. 2020, "End-to-End Object Detection with Transformers".
 *
 * @param logits name of [1, queries, classes]
 * @param boxes name of [1, queries, 4]
 * @param boxesFirst whether the boxes are the first output
 */
record QueryOutputs(String logits, String boxes, int queries, int classes, boolean boxesFirst) {

    /** Empty if the model has no such pair of outputs. Further outputs, as those of masks, are left alone. */
    static Optional<QueryOutputs> of(Evidence evidence) {
        if (evidence.outputs().size() < 2 || evidence.signature().inputs().size() > 2) {
            return Optional.empty();
        }
        Port first = evidence.outputs().get(0);
        Port second = evidence.outputs().get(1);
        if (!first.isFloat() || !second.isFloat() || first.rank() != 3 || second.rank() != 3) {
            return Optional.empty();
        }
        boolean boxesFirst =
                isBoxes(first, evidence) && (!isBoxes(second, evidence) || areRatherBoxes(first, second, evidence));
        Port boxes = boxesFirst ? first : second;
        Shape logitShape = evidence.shape(boxesFirst ? second : first);
        Shape boxShape = evidence.shape(boxes);
        if (boxShape.dimension(2) != 4
                || boxShape.dimension(1) != logitShape.dimension(1)
                || !areInUnit(boxes, evidence)) {
            return Optional.empty();
        }
        return Optional.of(new QueryOutputs(
                (boxesFirst ? second : first).name(),
                boxes.name(),
                (int) logitShape.dimension(1),
                (int) logitShape.dimension(2),
                boxesFirst));
    }

    private static boolean isBoxes(Port output, Evidence evidence) {
        return evidence.shape(output).dimension(2) == 4;
    }

    /** Of a model of four classes: by their names or, where those were lost, by values of 0..1; else they come second. */
    private static boolean areRatherBoxes(Port first, Port second, Evidence evidence) {
        if (isNamedAsBoxes(first) != isNamedAsBoxes(second)) {
            return isNamedAsBoxes(first);
        }
        return areWithin(0, 1, first, evidence) && !areWithin(0, 1, second, evidence);
    }

    private static boolean isNamedAsBoxes(Port output) {
        return output.name().toLowerCase(Locale.ROOT).matches(".*(box|dets).*");
    }

    /** Sides of 0..1, by some models not clipped to it; a model that decodes to pixels is of another kind. */
    private static boolean areInUnit(Port boxes, Evidence evidence) {
        return areWithin(-2, 3, boxes, evidence);
    }

    private static boolean areWithin(float least, float largest, Port output, Evidence evidence) {
        for (float value : evidence.answer(output).values()) {
            if (!(value >= least && value <= largest)) {
                return false;
            }
        }
        return true;
    }

    List<String> names() {
        return List.of(logits, boxes);
    }

    /**
     * Each class of a query for itself, with the sigmoid of its logit as score; the best of all pairs of query and class.
     *
     * @param most how many, by the rule of the model's authors
     */
    SetDetector.Scoring eachClass(int most) {
        return (outputs, placement, filter) -> {
            float[] values = Table.output(outputs, logits).toArray();
            return Candidates.ofEachClass(
                    queries,
                    classes,
                    (query, id) -> (float) (1 / (1 + Math.exp(-values[query * classes + id]))),
                    boxes(outputs, placement),
                    filter.atMost(most));
        };
    }

    /** One class a query, by the softmax of its logits, the last of which says that there is nothing. */
    List<ScoredBox> decodeBestClass(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        float[] scores = Table.output(outputs, logits).toArray();
        for (int query = 0; query < queries; query++) {
            softmax(scores, query * classes);
        }
        return Candidates.ofBestClass(
                queries, classes - 1, (query, id) -> scores[query * classes + id], boxes(outputs, placement), filter);
    }

    private void softmax(float[] values, int from) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(values[i] - largest);
        }
        for (int i = from; i < from + classes; i++) {
            values[i] = (float) (Math.exp(values[i] - largest) / sum);
        }
    }

    private Candidates.Boxes boxes(Map<String, FloatTensor> outputs, Placement placement) {
        float[] values = Table.output(outputs, boxes).toArray();
        double width = placement.inputWidth();
        double height = placement.inputHeight();
        return query -> Candidates.around(
                values[4 * query] * width,
                values[4 * query + 1] * height,
                values[4 * query + 2] * width,
                values[4 * query + 3] * height);
    }
}
