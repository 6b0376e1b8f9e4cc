package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SSD and the others of TensorFlow's object detection: the picture's bytes in, and out of it boxes as top, left, bottom
 * and right in 0..1, scores, and classes counted from 1.
 *
 * @param boxes name of [1, n, 4]
 */
record TensorFlowSsd(PictureInput input, String boxes, String scores, String classes, List<String> labels)
        implements PictureOnlyFamily {
    static final String EXPECTED =
            "SSD of TensorFlow (detection_boxes [1, n, 4], detection_scores and detection_classes [1, n])";

    private static final int COCO = 91;
    private static final int SHORTER = 1600;
    private static final int LONGER = 2666;

    static Optional<TensorFlowSsd> recognise(Evidence evidence) {
        List<String> names = new ArrayList<>();
        for (String part : List.of("detection_boxes", "detection_scores", "detection_classes")) {
            evidence.outputs().stream()
                    .map(Port::name)
                    .filter(name -> name.startsWith(part))
                    .findFirst()
                    .ifPresent(names::add);
        }
        if (!evidence.takesOnlyAPicture() || names.size() != 3) {
            return Optional.empty();
        }
        return Optional.of(
                new TensorFlowSsd(input(evidence), names.get(0), names.get(1), names.get(2), labels(evidence)));
    }

    static PictureInput input(Evidence evidence) {
        Fit fit = evidence.hasFixedSize()
                ? Fit.stretched(evidence.width(), evidence.height())
                : Fit.ownSize(SHORTER, LONGER, 1);
        return evidence.pictureInput(fit, BilinearResize::resize, 0, Normalization.NONE);
    }

    static List<String> labels(Evidence evidence) {
        return Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(COCO));
    }

    @Override
    public String name() {
        return "SSD of TensorFlow";
    }

    @Override
    public List<String> outputs() {
        return List.of(boxes, scores, classes);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        float[] corners = Table.output(outputs, boxes).toArray();
        float[] values = Table.output(outputs, scores).toArray();
        float[] ids = Table.output(outputs, classes).toArray();
        double width = placement.inputWidth();
        double height = placement.inputHeight();
        return Candidates.ofOneClass(
                values.length,
                place -> Math.round(ids[place]),
                (place, _) -> values[place],
                place -> Candidates.corners(
                        corners[4 * place + 1] * width,
                        corners[4 * place] * height,
                        corners[4 * place + 3] * width,
                        corners[4 * place + 2] * height),
                filter);
    }
}
