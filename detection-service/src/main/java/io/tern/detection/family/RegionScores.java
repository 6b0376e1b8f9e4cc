package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Two-stage detectors that leave suppression to the reader: a box for each region that the first stage proposed, and the
 * scores of all classes for it. Faster R-CNN (Ren et al. 2015) judges a region by layers of its own, R-FCN (Dai et al.
 * 2016) by a vote of position-sensitive maps, Deformable R-FCN (Dai et al. 2017) by maps that were sampled at learnt
 * offsets.
 */
record RegionScores(String name, PictureInput input, String boxes, String scores, List<String> labels)
        implements PictureOnlyFamily {
    static final String EXPECTED =
            "Faster R-CNN, R-FCN or Deformable R-FCN (boxes [regions, 4] and scores [regions, classes])";

    static Optional<RegionScores> recognise(Evidence evidence) {
        List<Port> outputs = evidence.outputs();
        boolean pair = outputs.size() == 2 && outputs.stream().allMatch(port -> port.isFloat() && port.rank() == 2);
        if (!evidence.takesOnlyAPicture() || !evidence.hasFixedSize() || !pair) {
            return Optional.empty();
        }
        boolean boxesSecond = outputs.get(1).name().contains("box")
                && evidence.shape(outputs.get(1)).dimension(1) == 4;
        Port boxes = outputs.get(boxesSecond ? 1 : 0);
        Port scores = outputs.get(boxesSecond ? 0 : 1);
        int classes = (int) evidence.shape(scores).dimension(1);
        if (evidence.shape(boxes).dimension(1) != 4 || classes < 1) {
            return Optional.empty();
        }
        PictureInput input = evidence.pictureInput(
                Fit.stretched(evidence.width(), evidence.height()), BilinearResize::resize, 0, colours(evidence));
        return Optional.of(new RegionScores(
                method(evidence.signature().graph()),
                input,
                boxes.name(),
                scores.name(),
                Labels.of(evidence.signature().metadata(), classes)));
    }

    private static Normalization colours(Evidence evidence) {
        return evidence.metadata("input").orElse("").contains("0..255")
                ? Normalization.NONE
                : ColourScale.inside(evidence).orElse(Normalization.UNIT);
    }

    /** R-FCN has no layer with weights behind its pooling. */
    private static String method(Graph graph) {
        if (graph.has("Gemm") || graph.has("MatMul") || !graph.has("RoiAlign")) {
            return "Faster R-CNN";
        }
        return graph.has("DeformConv") ? "Deformable R-FCN" : "R-FCN";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(0.45);
    }

    @Override
    public List<String> outputs() {
        return List.of(boxes, scores);
    }

    @Override
    public boolean rowsArePictures() {
        return false;
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table corners = Table.of(outputs, boxes, false);
        Table rows = Table.of(outputs, scores, false);
        return Candidates.ofEachClass(
                rows.places(),
                rows.columns(),
                rows::at,
                region -> Candidates.corners(
                        corners.at(region, 0), corners.at(region, 1), corners.at(region, 2), corners.at(region, 3)),
                filter);
    }
}
