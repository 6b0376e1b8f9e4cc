package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Fit;
import io.tern.detection.image.FixedPointResize;
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
 * What PaddleDetection's models export (PP-YOLOE, PicoDet, RT-DETR): beside the picture they take how much it was scaled, and
 * some its size as well, and give rows of class, score and corners in pixels of the picture before it was scaled. Told that
 * nothing was scaled, they give pixels of the input.
 *
 * @param scale name of the input of the scale
 * @param size name of the input of height and width; null if there is none
 * @param rows name of [n, 6]; a negative class is padding
 */
record PaddleDetection(
        PictureInput input, String scale, @Nullable String size, String rows, List<String> labels)
        implements DetectorFamily {
    static final String EXPECTED =
            "a detector of PaddleDetection (scale_factor [1, 2] beside the picture; rows [n, 6] of class, score and corners)";

    static Optional<PaddleDetection> recognise(Evidence evidence) {
        List<Port> others = evidence.othersThanAPicture();
        Optional<Port> scale = others.stream().filter(PaddleDetection::isScale).findFirst();
        Optional<Port> size = others.stream().filter(PaddleDetection::isSize).findFirst();
        if (scale.isEmpty() || others.size() != (size.isPresent() ? 2 : 1)) {
            return Optional.empty();
        }
        return evidence.outputs().stream()
                .filter(port -> port.isFloat() && port.rank() == 2)
                .filter(port -> evidence.shape(port).dimension(1) == 6)
                .findFirst()
                .map(rows -> new PaddleDetection(
                        evidence.pictureInput(
                                Fit.stretched(evidence.width(), evidence.height()),
                                FixedPointResize::resize,
                                0,
                                colours(evidence.signature().graph())),
                        scale.get().name(),
                        size.map(Port::name).orElse(null),
                        rows.name(),
                        Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(Labels.COCO))));
    }

    /** PicoDet, whose activations are hard ones, has ImageNet's mean outside of the graph; the others take 0..1. */
    private static Normalization colours(Graph graph) {
        return graph.has("HardSwish") || graph.has("HardSigmoid") ? Normalization.IMAGENET : Normalization.UNIT;
    }

    /** Two numbers that the tools always name so. */
    static boolean isScale(Port input) {
        return input.isFloat() && input.rank() == 2 && input.name().contains("scale_factor");
    }

    private static boolean isSize(Port input) {
        return input.isFloat() && input.rank() == 2 && input.name().contains("im_shape");
    }

    @Override
    public String name() {
        return "PaddleDetection";
    }

    @Override
    public List<String> outputs() {
        return List.of(rows);
    }

    @Override
    public boolean rowsArePictures() {
        return false;
    }

    @Override
    public PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        return input.prepare(picture, arena, cancellation)
                .and(scale, Evidence.size(arena, 1, 1))
                .and(size, placed -> Evidence.size(arena, placed.inputHeight(), placed.inputWidth()));
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table table = Table.of(outputs, rows, false);
        return Candidates.ofOneClass(
                table.places(),
                place -> Math.round(table.at(place, 0)),
                (place, _) -> table.at(place, 1),
                place -> Candidates.corners(
                        table.at(place, 2), table.at(place, 3), table.at(place, 4), table.at(place, 5)),
                filter);
    }
}
