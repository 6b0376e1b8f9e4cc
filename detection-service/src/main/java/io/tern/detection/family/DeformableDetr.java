package io.tern.detection.family;

import io.tern.base.TernException;
import io.tern.detection.network.NetworkSignature.Graph;
import java.util.Optional;

/**
 * Deformable DETR, Zhu et al. 2021: pictures as DETR has them, classes with sigmoids, the best 100 pairs of query and
 * class. Its exports bake the size in.
 */
final class DeformableDetr {
    static final String EXPECTED =
            "Deformable DETR (logits [1, queries, classes], boxes [1, queries, 4] in 0..1, sampling on a grid)";

    private static final int MOST = 100;

    private DeformableDetr() {}

    static Optional<SetDetector> recognise(Evidence evidence) {
        if (!isOfIts(evidence.signature().graph())) {
            return Optional.empty();
        }
        return SetDetector.outputs(evidence).map(output -> {
            // Another size than the traced one gives wrong boxes without an error, even where the axes are open.
            TernException.require(
                    evidence.hasFixedSize(),
                    "model",
                    evidence.signature().describe(),
                    "a Deformable DETR with the height and width that it was traced with");
            return new SetDetector(
                    "Deformable DETR",
                    Detr.input(evidence),
                    SetDetector.mask(evidence),
                    output,
                    output.eachClass(MOST),
                    Labels.of(evidence.signature().metadata(), output.classes()));
        });
    }

    /** It samples feature maps between their pixels, and counts the unmasked ones for its positions. */
    private static boolean isOfIts(Graph graph) {
        return graph.has("GridSample") && graph.has("CumSum");
    }
}
