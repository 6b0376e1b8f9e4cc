package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * YOLO that tells each object once, as v10 and v26 do by training and others with their suppression in the graph: rows of
 * corners in pixels of the input, score and class. Rows of score 0 are padding.
 */
record YoloEndToEnd(PictureInput input, String output, Columns columns, List<String> labels)
        implements PictureOnlyFamily {
    static final String EXPECTED = "YOLO v10, v26 or with suppression inside (one output [1, boxes, 6] or [boxes, 7])";

    /**
     * Where in a row things stand.
     *
     * @param corner the first of four
     */
    private enum Columns {
        PLAIN(0, 4, 5),
        /** Of v7: the picture's number in the batch, corners, class, score. */
        CLASS_FIRST(1, 6, 5),
        /** Of YOLO-NAS: the picture's number in the batch, corners, score, class. */
        SCORE_FIRST(1, 5, 6);

        private final int corner;
        private final int score;
        private final int classId;

        Columns(int corner, int score, int classId) {
            this.corner = corner;
            this.score = score;
            this.classId = classId;
        }
    }

    static Optional<YoloEndToEnd> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || !evidence.outputs().getFirst().isFloat()) {
            return Optional.empty();
        }
        Port output = evidence.outputs().getFirst();
        List<String> labels =
                Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(Labels.COCO));
        Shape shape = evidence.shape(output);
        // What follows the class, factors of a mask or points, is not read.
        // Boxes beside them are those of a set, of which these are the logits.
        boolean rows = shape.rank() == 3
                && YoloOutput.isFirstOfBoxes(evidence)
                && shape.dimension(0) <= 1
                && (shape.dimension(2) == 6 || shape.dimension(2) > 6 && isDeclared(evidence));
        boolean batch = shape.rank() == 2
                && shape.dimension(1) == 7
                && evidence.outputs().size() == 1;
        boolean one = rows && (isDeclared(evidence) || YoloOutput.of(evidence).isEmpty());
        if (!one && !batch) {
            return Optional.empty();
        }
        Columns columns =
                !batch ? Columns.PLAIN : hasScoreFirst(output, evidence) ? Columns.SCORE_FIRST : Columns.CLASS_FIRST;
        return Optional.of(new YoloEndToEnd(YoloOutput.letterboxed(evidence), output.name(), columns, labels));
    }

    /** By the name that YOLO-NAS gives; where that was lost, by numbers that are no classes. */
    private static boolean hasScoreFirst(Port output, Evidence evidence) {
        if (output.name().contains("flat_predictions")) {
            return true;
        }
        float[] rows = evidence.answer(output).values();
        for (int row = 0; row + 6 < rows.length; row += 7) {
            if (rows[row + 5] != Math.rint(rows[row + 5])) {
                return true;
            }
        }
        return false;
    }

    /** Without that, six numbers at each place of a grid are a YOLO of one class. */
    private static boolean isDeclared(Evidence evidence) {
        return evidence.metadata("end2end").orElse("").equalsIgnoreCase("true")
                || evidence.metadata("args").orElse("").contains("'nms': True");
    }

    @Override
    public String name() {
        return "YOLO end to end";
    }

    @Override
    public List<String> outputs() {
        return List.of(output);
    }

    @Override
    public boolean rowsArePictures() {
        return columns == Columns.PLAIN;
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, output, false);
        return Candidates.ofOneClass(
                rows.places(),
                // Rounded: exporters that compute the class in floats miss whole numbers by a little.
                place -> rows.at(place, columns.score) > 0 ? Math.round(rows.at(place, columns.classId)) : -1,
                (place, _) -> rows.at(place, columns.score),
                place -> Candidates.corners(
                        rows.at(place, columns.corner),
                        rows.at(place, columns.corner + 1),
                        rows.at(place, columns.corner + 2),
                        rows.at(place, columns.corner + 3)),
                filter);
    }
}
