package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * YOLO that tells each object once, as v10 and v26 do by training and others with their suppression in the graph: rows of
 * corners in pixels of the input, score and class. Rows of score 0 are padding.
 *
 * @param batchFirst whether a row begins with the picture's number in the batch and has the class before the score, as v7
 *     exports it
 */
record YoloEndToEnd(PictureInput input, String output, boolean batchFirst, List<String> labels)
        implements DetectorFamily {
    static final String EXPECTED = "YOLO v10, v26 or with suppression inside (one output [1, boxes, 6] or [boxes, 7])";

    private static final int UNNAMED = 80;

    static Optional<YoloEndToEnd> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || !evidence.outputs().getFirst().isFloat()) {
            return Optional.empty();
        }
        Port output = evidence.outputs().getFirst();
        List<String> labels = Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(UNNAMED));
        Shape shape = evidence.shape(output);
        boolean rows = shape.rank() == 3 && shape.dimension(0) <= 1 && shape.dimension(2) == 6;
        boolean batch = shape.rank() == 2
                && shape.dimension(1) == 7
                && evidence.outputs().size() == 1;
        boolean one = rows && (isDeclared(evidence) || YoloOutput.of(evidence).isEmpty());
        return one || batch
                ? Optional.of(new YoloEndToEnd(YoloOutput.letterboxed(evidence), output.name(), batch, labels))
                : Optional.empty();
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
    public PreparedPicture prepare(RgbImage picture, Arena arena) {
        return input.prepare(picture, arena);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, output, false);
        int corner = batchFirst ? 1 : 0;
        int score = batchFirst ? 6 : 4;
        return Candidates.ofOneClass(
                rows.places(),
                // Rounded: exporters that compute the class in floats miss whole numbers by a little.
                place -> rows.at(place, score) > 0 ? Math.round(rows.at(place, 5)) : -1,
                (place, _) -> rows.at(place, score),
                place -> Candidates.corners(
                        rows.at(place, corner),
                        rows.at(place, corner + 1),
                        rows.at(place, corner + 2),
                        rows.at(place, corner + 3)),
                filter);
    }
}
