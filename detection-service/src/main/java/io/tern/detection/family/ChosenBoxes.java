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
 * Three outputs that are told apart by their types and ranks, whatever their order and names: boxes as corners, the class
 * of each as an integer, and the score of each.
 *
 * @param unit whether corners are in 0..1 of the input, and not in its pixels
 */
record ChosenBoxes(String boxes, String classes, String scores, boolean unit) {

    /** Empty if they are not there. Further outputs, as of masks or sizes, are left alone. */
    static Optional<ChosenBoxes> of(Evidence evidence) {
        for (Port boxes : evidence.outputs()) {
            if (!boxes.isFloat() || boxes.rank() < 2 || boxes.rank() > 3) {
                continue;
            }
            Optional<Port> scores = evidence.outputs().stream()
                    .filter(port -> port.isFloat() && port.rank() == boxes.rank() - 1)
                    .findFirst();
            Optional<Port> classes = classes(evidence, boxes.rank() - 1);
            if (scores.isPresent()
                    && classes.isPresent()
                    && evidence.shape(boxes).dimension(boxes.rank() - 1) == 4) {
                return Optional.of(new ChosenBoxes(
                        boxes.name(), classes.get().name(), scores.get().name(), areInUnit(boxes, evidence)));
            }
        }
        return Optional.empty();
    }

    /** Of several outputs of integers that which is named so; the others count boxes or tell the picture's size. */
    private static Optional<Port> classes(Evidence evidence, int rank) {
        List<Port> integers = evidence.outputs().stream()
                .filter(port -> port.isInteger() && port.rank() == rank)
                .toList();
        return integers.stream()
                .filter(port -> port.name().toLowerCase(Locale.ROOT).matches(".*(class|label).*"))
                .findFirst()
                .or(() -> integers.stream().findFirst());
    }

    /** A detector of pixels has no box that ends in the first two of them; one that sees nothing in grey is such. */
    private static boolean areInUnit(Port boxes, Evidence evidence) {
        Shape shape = boxes.shape();
        if (shape.rank() == 2) {
            return false; // those that choose freely many boxes count in pixels
        }
        float[] corners = evidence.answer(boxes).values();
        float largest = 0;
        for (float corner : corners) {
            largest = Math.max(largest, Math.abs(corner));
        }
        return largest > 0 && largest < 2;
    }

    List<String> names() {
        return List.of(boxes, classes, scores);
    }

    List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        float[] corners = Table.output(outputs, boxes).toArray();
        float[] ids = Table.output(outputs, classes).toArray();
        float[] values = Table.output(outputs, scores).toArray();
        double width = unit ? placement.inputWidth() : 1;
        double height = unit ? placement.inputHeight() : 1;
        return Candidates.ofOneClass(
                values.length,
                place -> Math.round(ids[place]),
                (place, _) -> values[place],
                place -> Candidates.corners(
                        corners[4 * place] * width,
                        corners[4 * place + 1] * height,
                        corners[4 * place + 2] * width,
                        corners[4 * place + 3] * height),
                filter);
    }
}
