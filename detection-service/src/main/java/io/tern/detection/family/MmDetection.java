package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Fit;
import io.tern.detection.image.FixedPointResize;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What MMDetection's models export: rows of corners in pixels of the input and a score, and the class of each. They take
 * colours with ImageNet's mean and deviation, which is outside of the graph.
 *
 * @param boxes name of [1, n, 5]
 * @param classes name of [1, n]
 */
record MmDetection(PictureInput input, String boxes, String classes, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED = "a detector of MMDetection (dets [1, n, 5], labels INT64 [1, n])";

    private static final int SHORTER = 800;
    private static final int LONGER = 1333;
    /** Near the mean, since it pads with zeros after normalising. */
    private static final float PADDING = 114;

    static Optional<MmDetection> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || evidence.outputs().size() < 2) {
            return Optional.empty();
        }
        Port boxes = evidence.outputs().get(0);
        Port classes = evidence.outputs().get(1);
        boolean rows = boxes.isFloat() && boxes.rank() == 3 && classes.isInteger() && classes.rank() == 2;
        if (!rows || evidence.shape(boxes).dimension(2) != 5) {
            return Optional.empty();
        }
        Fit fit = evidence.hasFixedSize()
                ? Fit.topLeft(evidence.width(), evidence.height())
                : Fit.shortestSide(SHORTER, LONGER);
        return Optional.of(new MmDetection(
                evidence.pictureInput(fit, FixedPointResize::resize, PADDING, Normalization.IMAGENET),
                boxes.name(),
                classes.name(),
                Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(Labels.COCO))));
    }

    @Override
    public String name() {
        return "MMDetection";
    }

    @Override
    public List<String> outputs() {
        return List.of(boxes, classes);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, boxes, false);
        float[] ids = Table.output(outputs, classes).toArray();
        return Candidates.ofOneClass(
                rows.places(),
                place -> Math.round(ids[place]),
                (place, _) -> rows.at(place, 4),
                place -> Candidates.corners(rows.at(place, 0), rows.at(place, 1), rows.at(place, 2), rows.at(place, 3)),
                filter);
    }
}
