package io.tern.detection.family;

import io.tern.detection.image.AntialiasResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.network.NetworkSignature.Graph;
import java.util.Optional;

/** LW-DETR (Chen et al. 2024): a plain vision transformer, pictures stretched and antialiased, the best 100 by sigmoids. */
final class LwDetr {
    static final String EXPECTED =
            "LW-DETR (logits [1, queries, classes], boxes [1, queries, 4] in 0..1, patches of the picture, sampling on a grid)";

    private static final int MOST = 100;

    private LwDetr() {}

    static Optional<SetDetector> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || !isOfIts(evidence.signature().graph())) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence)
                .map(output -> new SetDetector(
                        "LW-DETR",
                        evidence.pictureInput(
                                Fit.stretched(evidence.width(), evidence.height()),
                                AntialiasResize::resize,
                                0,
                                Normalization.IMAGENET),
                        null,
                        output,
                        output.eachClass(MOST),
                        Labels.of(evidence.signature().metadata(), output.classes())));
    }

    /** RT-DETR, which samples on a grid as well, has no projection of patches. */
    private static boolean isOfIts(Graph graph) {
        return graph.has("GridSample") && !graph.has("CumSum") && graph.names("embeddings.projection");
    }
}
