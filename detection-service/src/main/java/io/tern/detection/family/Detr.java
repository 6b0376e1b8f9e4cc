package io.tern.detection.family;

import io.tern.detection.image.AntialiasResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.network.NetworkSignature.Graph;
import java.util.List;
import java.util.Optional;

/**
 * DETR (Carion et al. 2020), YOLOS (Fang et al. 2021), Conditional DETR (Meng et al. 2021) and DAB-DETR (Liu et al. 2022).
 * A model that takes any size
 * gets the picture at its own, made smaller where it is longer than 1333 or its shorter side than 800 pixels.
 */
final class Detr {
    static final String EXPECTED = "DETR or YOLOS (logits [1, queries, classes + 1] and boxes [1, queries, 4] in 0..1)";

    private static final int SHORTER = 800;
    private static final int LONGER = 1333;
    private static final int LEAST = 32;
    private static final int COCO = 91;
    /** Pairs of query and class, where each class is told for itself. */
    private static final int MOST = 100;

    private Detr() {}

    /** Of what is left when the deformable kinds are taken away. */
    static Optional<SetDetector> recognise(Evidence evidence) {
        return SetDetector.outputs(evidence)
                .filter(output -> output.classes() > 1)
                .map(output -> hasNothing(output, evidence)
                        ? detector(evidence, output, output::decodeBestClass, output.classes() - 1)
                        : detector(evidence, output, output.eachClass(MOST), output.classes()));
    }

    private static SetDetector detector(
            Evidence evidence, QueryOutputs output, SetDetector.Scoring scoring, int classes) {
        List<String> labels = Labels.of(evidence.signature().metadata(), classes);
        return new SetDetector("DETR", input(evidence), SetDetector.mask(evidence), output, scoring, labels);
    }

    static PictureInput input(Evidence evidence) {
        Fit fit = evidence.hasFixedSize()
                ? Fit.stretched(evidence.width(), evidence.height())
                : Fit.ownSize(SHORTER, LONGER, LEAST);
        return evidence.pictureInput(fit, AntialiasResize::resize, 0, Normalization.IMAGENET);
    }

    /**
     * Whether the last logit says that there is no object; otherwise each class is told for itself. Softmax or sigmoid
     * cannot be seen in the logits. Names of classes tell it by their count; without them those that move reference points
     * with their queries use sigmoids, which their weights' names show, and where those were lost COCO's numbers.
     */
    private static boolean hasNothing(QueryOutputs output, Evidence evidence) {
        Optional<List<String>> named = Labels.named(evidence.signature().metadata());
        if (named.isPresent()) {
            return named.get().size() != output.classes();
        }
        Graph graph = evidence.signature().graph();
        boolean movesPoints =
                graph.names("ref_point_head") || graph.names("ref_anchor_head") || graph.names("query_scale");
        boolean hasWeightNames = graph.names("class_labels_classifier") || graph.names("class_embed");
        return !movesPoints && (hasWeightNames || output.classes() != COCO);
    }
}
