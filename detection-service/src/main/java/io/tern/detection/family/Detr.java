package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.AntialiasResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * DETR (Carion et al. 2020), YOLOS (Fang et al. 2021) and Conditional DETR (Meng et al. 2021). A model that takes any size
 * gets the picture at its own, made smaller where it is longer than 1333 or its shorter side than 800 pixels.
 *
 * @param mask name of the input that tells pixels from padding; null if there is none
 * @param nothing whether the last logit says that there is no object; otherwise each class is told for itself
 */
record Detr(PictureInput input, @Nullable String mask, QueryOutputs output, boolean nothing, List<String> labels)
        implements DetectorFamily {
    static final String EXPECTED = "DETR or YOLOS (logits [1, queries, classes + 1] and boxes [1, queries, 4] in 0..1)";

    private static final int SHORTER = 800;
    private static final int LONGER = 1333;
    private static final int LEAST = 32;
    private static final int COCO = 91;

    /** Of what is left when the deformable kinds are taken away. */
    static Optional<Detr> recognise(Evidence evidence) {
        Optional<Port> beside = evidence.besidesAPicture();
        boolean masked = beside.isPresent() && beside.get().rank() == 3;
        if (!masked && !evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence).filter(output -> output.classes() > 1).map(output -> {
            boolean nothing = hasNothing(output, evidence);
            int classes = nothing ? output.classes() - 1 : output.classes();
            return new Detr(
                    input(evidence),
                    masked ? beside.get().name() : null,
                    output,
                    nothing,
                    Labels.of(evidence.signature().metadata(), classes));
        });
    }

    static PictureInput input(Evidence evidence) {
        Fit fit = evidence.hasFixedSize()
                ? Fit.stretched(evidence.width(), evidence.height())
                : Fit.ownSize(SHORTER, LONGER, LEAST);
        return evidence.pictureInput(fit, AntialiasResize::resize, 0, Normalization.IMAGENET);
    }

    /**
     * Softmax or sigmoid cannot be seen in the logits. Names of classes tell it by their count; else COCO's numbers do,
     * and of other models those that move reference points with their queries use sigmoids.
     */
    private static boolean hasNothing(QueryOutputs output, Evidence evidence) {
        Optional<List<String>> named = Labels.named(evidence.signature().metadata());
        if (named.isPresent()) {
            return named.get().size() != output.classes();
        }
        Graph graph = evidence.signature().graph();
        return output.classes() != COCO && !graph.names("ref_point_head") && !graph.names("query_scale");
    }

    @Override
    public String name() {
        return "DETR";
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
        PreparedPicture prepared = input.prepare(picture, arena);
        Placement placement = prepared.placement();
        return mask == null
                ? prepared
                : prepared.and(mask, Evidence.ones(arena, placement.inputHeight(), placement.inputWidth()));
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        return nothing
                ? output.decodeBestClass(outputs, placement, filter)
                : output.decodeEachClass(outputs, placement, filter, output.queries());
    }
}
