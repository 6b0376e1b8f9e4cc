package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * YOLO without objectness, as v5u, v8, v9, v11 and v12: at each place a box as centre and size in pixels of the input, and
 * the scores of all classes.
 */
record YoloV8(PictureInput input, YoloOutput output, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED = "YOLO v8..v12 (one output [1, 4 + classes, places], or transposed)";

    static Optional<YoloV8> recognise(Evidence evidence) {
        return YoloOutput.of(evidence)
                .filter(output -> hasNoObjectness(output, evidence))
                .map(output -> new YoloV8(
                        YoloOutput.letterboxed(evidence),
                        output,
                        Labels.of(evidence.signature().metadata(), output.classes(evidence, 4))));
    }

    /** Models that name their classes tell it by their count; others by the way in which the output lies, or by COCO's count. */
    private static boolean hasNoObjectness(YoloOutput output, Evidence evidence) {
        Optional<Integer> named = Labels.named(evidence.signature().metadata()).map(List::size);
        if (named.isPresent() && output.rows() == named.get() + 4) {
            return true;
        }
        boolean fitsObjectness = named.isPresent() && output.rows() == named.get() + 5;
        return !fitsObjectness
                && output.anchors() == 1
                && (output.transposed() || named.isEmpty() && output.rows() == Labels.COCO + 4);
    }

    @Override
    public String name() {
        return "YOLO v8";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(0.7);
    }

    @Override
    public List<String> outputs() {
        return List.of(output.name());
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, output.name(), output.transposed());
        return Candidates.ofBestClass(
                rows.places(),
                labels.size(),
                (place, id) -> rows.at(place, 4 + id),
                place -> Candidates.around(rows.at(place, 0), rows.at(place, 1), rows.at(place, 2), rows.at(place, 3)),
                filter);
    }
}
