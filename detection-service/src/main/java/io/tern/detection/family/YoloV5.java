package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * YOLO with objectness, as v3, v5, v6 and v7: at each place a box as centre and size in pixels of the input, how likely
 * there is an object, and how likely it is of each class if there is one.
 */
record YoloV5(PictureInput input, YoloOutput output, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED = "YOLO v5..v7 (one output [1, places, 5 + classes])";

    static final double OVERLAP = 0.45;

    static Optional<YoloV5> recognise(Evidence evidence) {
        return YoloOutput.of(evidence)
                .filter(output -> output.rows() > 5 && hasObjectness(output, evidence))
                .map(output -> new YoloV5(
                        YoloOutput.letterboxed(evidence),
                        output,
                        Labels.of(evidence.signature().metadata(), output.classes(evidence, 5))));
    }

    /** Three anchors, or the objectness of v6, which is 1 everywhere; a single anchor with another one is YOLOX. */
    private static boolean hasObjectness(YoloOutput output, Evidence evidence) {
        boolean named = evidence.metadata("names").isPresent();
        return output.anchors() == 3 || named || !output.transposed() && isAlwaysSure(output, evidence);
    }

    private static boolean isAlwaysSure(YoloOutput output, Evidence evidence) {
        float[] rows = evidence.answer(evidence.outputs().getFirst()).values();
        for (int place = 0; place < output.places(); place++) {
            if (rows[place * output.rows() + 4] != 1) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String name() {
        return "YOLO v5";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(OVERLAP);
    }

    @Override
    public List<String> outputs() {
        return List.of(output.name());
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        return best(Table.of(outputs, output.name(), output.transposed()), labels.size(), filter);
    }

    static List<ScoredBox> best(Table rows, int classes, CandidateFilter filter) {
        return Candidates.ofBestClass(
                rows.places(),
                classes,
                (place, id) -> rows.at(place, 4) * rows.at(place, 5 + id),
                place -> Candidates.around(rows.at(place, 0), rows.at(place, 1), rows.at(place, 2), rows.at(place, 3)),
                filter);
    }
}
