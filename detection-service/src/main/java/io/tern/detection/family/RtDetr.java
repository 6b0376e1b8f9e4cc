package io.tern.detection.family;

import io.tern.detection.image.AntialiasResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.network.NetworkSignature.Graph;
import java.util.Optional;

/** RT-DETR (Zhao et al. 2024), its second version and D-FINE (Peng et al. 2024): stretched pictures, 0..1, sigmoids. */
final class RtDetr {
    static final String EXPECTED =
            "RT-DETR or D-FINE (logits [1, queries, classes], boxes [1, queries, 4] in 0..1, queries by TopK)";

    private RtDetr() {}

    static Optional<SetDetector> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence)
                .filter(output -> isOfIts(output, evidence.signature().graph()))
                .map(output -> new SetDetector(
                        "RT-DETR",
                        input(evidence),
                        null,
                        output,
                        output.eachClass(output.queries()),
                        Labels.of(evidence.signature().metadata(), output.classes())));
    }

    static PictureInput input(Evidence evidence) {
        return evidence.pictureInput(
                Fit.stretched(evidence.width(), evidence.height()), AntialiasResize::resize, 0, Normalization.UNIT);
    }

    /**
     * It samples on a grid, or chooses its queries and then gathers whole pixels, without counting any; of a graph that
     * cannot be seen into, COCO's 80 classes tell it.
     */
    private static boolean isOfIts(QueryOutputs output, Graph graph) {
        return graph.operators().isEmpty()
                ? output.classes() == 80
                : (graph.has("GridSample") || graph.has("TopK")) && !graph.has("CumSum");
    }
}
