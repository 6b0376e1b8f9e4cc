package io.tern.detection.family;

import io.tern.base.TernException;
import io.tern.detection.box.ScoredBox;
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
 * Deformable DETR, Zhu et al. 2021: pictures as DETR has them, classes with sigmoids, the best 100 pairs of query and
 * class. Its exports bake the size in.
 */
record DeformableDetr(PictureInput input, @Nullable String mask, QueryOutputs output, List<String> labels)
        implements DetectorFamily {
    static final String EXPECTED =
            "Deformable DETR (logits [1, queries, classes], boxes [1, queries, 4] in 0..1, sampling on a grid)";

    private static final int MOST = 100;

    static Optional<DeformableDetr> recognise(Evidence evidence) {
        Optional<Port> beside = evidence.besidesAPicture();
        boolean masked = beside.isPresent() && beside.get().rank() == 3;
        if (!masked && !evidence.takesOnlyAPicture()
                || !isOfIts(evidence.signature().graph())) {
            return Optional.empty();
        }
        return QueryOutputs.of(evidence).map(output -> {
            // Another size than the traced one gives wrong boxes without an error, even where the axes are open.
            TernException.require(
                    evidence.hasFixedSize(),
                    "model",
                    evidence.signature().describe(),
                    "a Deformable DETR with the height and width that it was traced with");
            return new DeformableDetr(
                    Detr.input(evidence),
                    masked ? beside.get().name() : null,
                    output,
                    Labels.of(evidence.signature().metadata(), output.classes()));
        });
    }

    /** It samples feature maps between their pixels, and counts the unmasked ones for its positions. */
    private static boolean isOfIts(Graph graph) {
        return graph.has("GridSample") && graph.has("CumSum");
    }

    @Override
    public String name() {
        return "Deformable DETR";
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
        return output.decodeEachClass(outputs, placement, filter, MOST);
    }
}
