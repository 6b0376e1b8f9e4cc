package io.tern.detection.family;

import io.tern.detection.box.BestScores;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * NanoDet: at each place of a few grids the scores of all classes, and for each side of a box a distribution over its
 * distance. The picture is letterboxed in the middle of black, blue first, with the mean and deviation of ImageNet.
 */
record NanoDet(PictureInput input, List<String> labels, List<NanoDetLevel> levels) implements PictureOnlyFamily {
    static final String EXPECTED =
            "NanoDet (for some strides s cls_pred_stride_s [1, places, classes] and dis_pred_stride_s [1, places, 4 bins])";

    private static final double IOU = 0.6;
    private static final float PADDING = 0;
    private static final Normalization NORMALIZATION =
            new Normalization(ChannelOrder.BGR, List.of(103.53f, 116.28f, 123.675f), List.of(57.375f, 57.12f, 58.395f));

    /** Empty if the model is something else. */
    static Optional<NanoDet> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || !evidence.hasFixedSize()) {
            return Optional.empty();
        }
        List<NanoDetLevel> levels = NanoDetLevel.of(evidence.signature(), evidence.width(), evidence.height());
        int classes = levels.isEmpty() ? 0 : levels.getFirst().classes();
        if (classes == 0 || levels.stream().anyMatch(level -> level.classes() != classes)) {
            return Optional.empty();
        }
        PictureInput input = evidence.pictureInput(
                Fit.centred(evidence.width(), evidence.height()), BilinearResize::resize, PADDING, NORMALIZATION);
        return Optional.of(new NanoDet(input, Labels.of(evidence.signature().metadata(), classes), levels));
    }

    @Override
    public String name() {
        return "NanoDet";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(IOU);
    }

    @Override
    public List<String> outputs() {
        List<String> names = new ArrayList<>();
        for (NanoDetLevel level : levels) {
            names.add(level.scoresName());
            names.add(level.distancesName());
        }
        return names;
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        BestScores best = new BestScores(filter.most());
        List<float[]> scores = new ArrayList<>();
        List<float[]> distances = new ArrayList<>();
        int firstIndex = 0;
        for (NanoDetLevel level : levels) {
            float[] values = Table.output(outputs, level.scoresName()).toArray();
            level.offer(values, firstIndex, filter, best);
            scores.add(values);
            distances.add(Table.output(outputs, level.distancesName()).toArray());
            firstIndex += values.length;
        }
        List<ScoredBox> boxes = new ArrayList<>();
        for (int index : best.indices()) {
            int level = 0;
            int inLevel = index;
            while (inLevel >= scores.get(level).length) {
                inLevel -= scores.get(level++).length;
            }
            boxes.add(levels.get(level).box(inLevel, scores.get(level), distances.get(level), placement));
        }
        return boxes;
    }
}
