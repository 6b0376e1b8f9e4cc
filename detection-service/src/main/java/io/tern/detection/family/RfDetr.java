package io.tern.detection.family;

import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.network.NetworkSignature.Graph;
import java.util.Optional;

/** RF-DETR (Robinson et al. 2025): boxes come first, and what it calls labels are logits. Stretched, without antialiasing. */
final class RfDetr {
    static final String EXPECTED =
            "RF-DETR (dets [1, queries, 4] in 0..1, then labels [1, queries, classes], which are logits)";

    private RfDetr() {}

    static Optional<SetDetector> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence)
                .filter(output -> isOfIts(output, evidence.signature().graph()))
                .map(output -> new SetDetector(
                        "RF-DETR",
                        evidence.pictureInput(
                                Fit.stretched(evidence.width(), evidence.height()),
                                BilinearResize::resize,
                                0,
                                Normalization.IMAGENET),
                        null,
                        output,
                        output.eachClass(output.queries()),
                        Labels.of(evidence.signature().metadata(), output.classes())));
    }

    /** By its names; where those were lost, a transformer over patches of the picture that samples on a grid. */
    private static boolean isOfIts(QueryOutputs output, Graph graph) {
        return output.boxesFirst() && output.boxes().contains("dets")
                || graph.has("GridSample") && (graph.names("patch_embed") || graph.names("cls_token"));
    }
}
