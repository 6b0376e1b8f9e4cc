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
import org.jspecify.annotations.Nullable;

/**
 * Three outputs that are told apart by their types and ranks, whatever their order and names: boxes as corners, the class
 * of each as an integer, and the score of each.
 *
 * @param count name of the output that tells how many of them hold, the rest being padding; null if there is none
 * @param rowsArePictures whether each picture has the same number of boxes, the first dimension being pictures
 * @param unit whether corners are in 0..1 of the input, and not in its pixels
 */
record ChosenBoxes(
        String boxes,
        String classes,
        String scores,
        @Nullable String count,
        boolean rowsArePictures,
        boolean unit) {

    /** Empty if they are not there. Further outputs, as of masks or sizes, are left alone. */
    static Optional<ChosenBoxes> of(Evidence evidence) {
        for (Port boxes : evidence.outputs()) {
            if (!boxes.isFloat() || boxes.rank() < 2 || boxes.rank() > 3) {
                continue;
            }
            Optional<Port> scores = evidence.outputs().stream()
                    .filter(port -> port.isFloat() && port.rank() == boxes.rank() - 1)
                    .findFirst();
            Optional<Port> classes = scores.flatMap(port -> classes(evidence, port));
            if (scores.isPresent()
                    && classes.isPresent()
                    && evidence.shape(boxes).dimension(boxes.rank() - 1) == 4) {
                return Optional.of(new ChosenBoxes(
                        boxes.name(),
                        classes.get().name(),
                        scores.get().name(),
                        count(evidence, classes.get()),
                        boxes.rank() == 3,
                        areInUnit(boxes, evidence)));
            }
        }
        return Optional.empty();
    }

    /** Of several outputs of integers that which is named so; the others count boxes or tell the picture's size. */
    private static Optional<Port> classes(Evidence evidence, Port scores) {
        List<Port> integers = evidence.outputs().stream()
                .filter(port -> port.isInteger() && port.rank() == scores.rank())
                .filter(port -> scores.rank() == 1 || evidence.shape(port).equals(evidence.shape(scores)))
                .toList();
        return integers.stream()
                .filter(port -> port.name().toLowerCase(Locale.ROOT).matches(".*(class|label).*"))
                .findFirst()
                .or(() -> integers.stream().findFirst());
    }

    /** One number a picture, as the plug-ins of TensorRT and those who write like them give it. */
    private static @Nullable String count(Evidence evidence, Port classes) {
        return evidence.outputs().stream()
                .filter(port -> port.isInteger() && !port.equals(classes))
                .filter(port -> port.name().toLowerCase(Locale.ROOT).startsWith("num"))
                .filter(port -> evidence.shape(port).size() == 1)
                .map(Port::name)
                .findFirst()
                .orElse(null);
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
        return count == null ? List.of(boxes, classes, scores) : List.of(boxes, classes, scores, count);
    }

    List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        float[] corners = Table.output(outputs, boxes).toArray();
        float[] ids = Table.output(outputs, classes).toArray();
        float[] values = Table.output(outputs, scores).toArray();
        double width = unit ? placement.inputWidth() : 1;
        double height = unit ? placement.inputHeight() : 1;
        int places = count == null
                ? values.length
                : Math.clamp(Math.round(Table.output(outputs, count).get(0)), 0, values.length);
        return Candidates.ofOneClass(
                places,
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
