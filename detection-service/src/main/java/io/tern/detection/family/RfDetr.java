package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
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

/** RF-DETR (Robinson et al. 2025): boxes come first, and what it calls labels are logits. Stretched, without antialiasing. */
record RfDetr(PictureInput input, QueryOutputs output, List<String> labels) implements DetectorFamily {
    static final String EXPECTED =
            "RF-DETR (dets [1, queries, 4] in 0..1, then labels [1, queries, classes], which are logits)";

    static Optional<RfDetr> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence)
                .filter(output -> isOfIts(output, evidence.signature().graph()))
                .map(output -> {
                    PictureInput input = evidence.pictureInput(
                            Fit.stretched(evidence.width(), evidence.height()),
                            BilinearResize::resize,
                            0,
                            Normalization.IMAGENET);
                    return new RfDetr(
                            input, output, Labels.of(evidence.signature().metadata(), output.classes()));
                });
    }

    /** By its names; where those were lost, a transformer over patches of the picture that samples on a grid. */
    private static boolean isOfIts(QueryOutputs output, Graph graph) {
        return output.boxesFirst() && output.boxes().contains("dets")
                || graph.has("GridSample") && (graph.names("patch_embed") || graph.names("cls_token"));
    }

    @Override
    public String name() {
        return "RF-DETR";
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
