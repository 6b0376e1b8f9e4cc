package io.tern.detection.family;

import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.detection.region.BoxDeltas;
import io.tern.detection.region.PositionSensitiveMaps;
import io.tern.detection.region.PsRoiAlign;
import io.tern.detection.region.PsRoiPooling;
import io.tern.detection.region.RegionPooling;
import io.tern.detection.region.Vote;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * R-FCN whose graph ends with its maps, Dai et al. 2016: k² (C + 1) of scores and 4 k² of corrections, one set for all
 * classes, with the regions of the first stage. Pooling, vote and softmax are done here. A graph that does them itself is
 * one of {@link RegionScores}.
 *
 * @param bins k
 * @param aligned whether bins are sampled between pixels; metadata {@code pooling: ps_roi_pool} says that they are not
 */
record RFcn(PictureInput input, int bins, boolean aligned, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED =
            "R-FCN with its maps (rois [regions, 4], score_maps [1, k² (classes + 1), h, w] with the"
                    + " background first, box_maps [1, 4 k², h, w])";

    private static final String ROIS = "rois";
    private static final String SCORES = "score_maps";
    private static final String CORRECTIONS = "box_maps";
    private static final int SAMPLES = 2;

    static Optional<RFcn> recognise(Evidence evidence) {
        Optional<Port> scores = output(evidence, SCORES, 4);
        Optional<Port> corrections = output(evidence, CORRECTIONS, 4);
        if (!evidence.takesOnlyAPicture()
                || !evidence.hasFixedSize()
                || output(evidence, ROIS, 2).isEmpty()
                || scores.isEmpty()
                || corrections.isEmpty()) {
            return Optional.empty();
        }
        long bins = evidence.shape(corrections.get()).dimension(1) / 4;
        int k = (int) Math.sqrt(bins);
        long maps = evidence.shape(scores.get()).dimension(1);
        if (k < 1 || (long) k * k != bins || maps % bins != 0 || maps / bins < 2) {
            return Optional.empty();
        }
        boolean unit = !evidence.metadata("input").orElse("0..255").contains("0..255");
        PictureInput input = evidence.pictureInput(
                Fit.stretched(evidence.width(), evidence.height()),
                BilinearResize::resize,
                0,
                unit ? Normalization.UNIT : Normalization.NONE);
        boolean aligned = !evidence.metadata("pooling").orElse("").equals("ps_roi_pool");
        int classes = (int) (maps / bins) - 1;
        return Optional.of(
                new RFcn(input, k, aligned, Labels.of(evidence.signature().metadata(), classes)));
    }

    private static Optional<Port> output(Evidence evidence, String name, int rank) {
        return evidence.outputs().stream()
                .filter(port -> port.name().equals(name) && port.isFloat() && port.rank() == rank)
                .findFirst();
    }

    @Override
    public String name() {
        return "R-FCN";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(0.45);
    }

    @Override
    public List<String> outputs() {
        return List.of(ROIS, SCORES, CORRECTIONS);
    }

    @Override
    public boolean rowsArePictures() {
        return false;
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rois = Table.of(outputs, ROIS, false);
        PositionSensitiveMaps scores = maps(outputs, SCORES);
        PositionSensitiveMaps corrections = maps(outputs, CORRECTIONS);
        double scale = (double) scores.width() / placement.inputWidth();
        RegionPooling pooling = aligned ? new PsRoiAlign(scale, SAMPLES) : new PsRoiPooling(scale);
        float[][] probabilities = new float[rois.places()][];
        Box[] boxes = new Box[rois.places()];
        for (int region = 0; region < boxes.length; region++) {
            Box box =
                    Candidates.corners(rois.at(region, 0), rois.at(region, 1), rois.at(region, 2), rois.at(region, 3));
            Box around = box == null ? new Box(0, 0, 0, 0) : box;
            probabilities[region] = softmax(Vote.of(pooling.pool(scores, around), scores.outputs()));
            boxes[region] = BoxDeltas.of(Vote.of(pooling.pool(corrections, around), 4))
                    .apply(around)
                    .clip(placement.inputWidth(), placement.inputHeight());
        }
        return Candidates.ofEachClass(
                boxes.length,
                labels.size(),
                (region, id) -> probabilities[region][id + 1], // behind the background
                region -> boxes[region],
                filter);
    }

    private PositionSensitiveMaps maps(Map<String, FloatTensor> outputs, String name) {
        FloatTensor maps = Table.output(outputs, name);
        Shape shape = maps.shape();
        return new PositionSensitiveMaps(
                maps.toArray(), (int) shape.dimension(1) / (bins * bins), bins, (int) shape.dimension(2), (int)
                        shape.dimension(3));
    }

    private static float[] softmax(float[] votes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float vote : votes) {
            largest = Math.max(largest, vote);
        }
        double sum = 0;
        for (float vote : votes) {
            sum += Math.exp(vote - largest);
        }
        float[] probabilities = new float[votes.length];
        for (int i = 0; i < votes.length; i++) {
            probabilities[i] = (float) (Math.exp(votes[i] - largest) / sum);
        }
        return probabilities;
    }
}
