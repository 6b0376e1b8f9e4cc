package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.AntialiasResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** RT-DETR (Zhao et al. 2024), its second version and D-FINE (Peng et al. 2024): stretched pictures, 0..1, sigmoids. */
record RtDetr(PictureInput input, QueryOutputs output, List<String> labels) implements DetectorFamily {
    static final String EXPECTED =
            "RT-DETR or D-FINE (logits [1, queries, classes], boxes [1, queries, 4] in 0..1, queries by TopK)";

    static Optional<RtDetr> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence)
                .filter(output -> isOfIts(output, evidence.signature().graph()))
                .map(output -> new RtDetr(
                        input(evidence), output, Labels.of(evidence.signature().metadata(), output.classes())));
    }

    static PictureInput input(Evidence evidence) {
        return evidence.pictureInput(
                Fit.stretched(evidence.width(), evidence.height()), AntialiasResize::resize, 0, Normalization.UNIT);
    }

    /** It samples on a grid without counting pixels; of a graph that cannot be seen into, COCO's 80 classes tell it. */
    private static boolean isOfIts(QueryOutputs output, Graph graph) {
        return graph.operators().isEmpty() ? output.classes() == 80 : graph.has("GridSample") && !graph.has("CumSum");
    }

    @Override
    public String name() {
        return "RT-DETR";
    }

    @Override
    public double iou() {
        return 1;
    }

    @Override
    public List<String> outputs() {
        return output.names();
    }

    @Override
    public PreparedPicture prepare(RgbImage picture, Arena arena) {
        return input.prepare(picture, arena);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        return output.decodeEachClass(outputs, placement, filter, output.queries());
    }
}
