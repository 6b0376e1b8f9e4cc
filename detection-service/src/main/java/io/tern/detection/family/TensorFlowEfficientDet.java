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
 * EfficientDet of TensorFlow's AutoML: the picture's bytes in, and out of it rows of the picture's number, top, left, bottom
 * and right in its pixels, score, and class counted from 1.
 *
 * @param rows name of [1, n, 7]
 */
record TensorFlowEfficientDet(PictureInput input, String rows, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED = "EfficientDet of TensorFlow (bytes in; one output [1, n, 7])";

    private static final int COLUMNS = 7;

    static Optional<TensorFlowEfficientDet> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()
                || evidence.signature().inputs().getFirst().isFloat()) {
            return Optional.empty();
        }
        Port rows = evidence.outputs().getFirst();
        Shape shape = rows.isFloat() && rows.rank() == 3 ? evidence.shape(rows) : Shape.of(0);
        return shape.rank() == 3 && shape.dimension(2) == COLUMNS
                ? Optional.of(new TensorFlowEfficientDet(
                        TensorFlowSsd.input(evidence), rows.name(), TensorFlowSsd.labels(evidence)))
                : Optional.empty();
    }

    @Override
    public String name() {
        return "EfficientDet of TensorFlow";
    }

    @Override
    public List<String> outputs() {
        return List.of(rows);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table table = Table.of(outputs, rows, false);
        return Candidates.ofOneClass(
                table.places(),
                place -> Math.round(table.at(place, 6)),
                (place, _) -> table.at(place, 5),
                place -> Candidates.corners(
                        table.at(place, 2), table.at(place, 1), table.at(place, 4), table.at(place, 3)),
                filter);
    }
}
