package io.tern.detection.family;

import io.tern.base.TernException;
import io.tern.detection.box.BestScores;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Letterbox;
import io.tern.detection.image.Normalization;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * NanoDet: at each place of a few grids the scores of all classes, and for each side of a box a distribution over its
 * distance. The picture is letterboxed in the middle of black, blue first, with the mean and deviation of ImageNet.
 */
public final class NanoDet implements DetectorFamily {
    static final String EXPECTED =
            "a NanoDet, which takes one FLOAT32 [?, 3, height, width] and gives for some strides s"
                    + " cls_pred_stride_s [?, places, classes] and dis_pred_stride_s [?, places, 4 * bins]";

    private static final double IOU = 0.6;
    private static final float PADDING = 0;
    private static final Normalization NORMALIZATION =
            new Normalization(ChannelOrder.BGR, List.of(103.53f, 116.28f, 123.675f), List.of(57.375f, 57.12f, 58.395f));

    private final String input;
    private final int width;
    private final int height;
    private final List<String> labels;
    private final List<NanoDetLevel> levels;

    private NanoDet(Port input, List<String> labels, List<NanoDetLevel> levels) {
        this.input = input.name();
        this.height = (int) input.shape().dimension(2);
        this.width = (int) input.shape().dimension(3);
        this.labels = labels;
        this.levels = levels;
    }

    /** Empty if the model is something else. */
    static Optional<NanoDet> recognise(NetworkSignature signature) {
        if (signature.inputs().size() != 1 || !isPicture(signature.inputs().getFirst())) {
            return Optional.empty();
        }
        Port input = signature.inputs().getFirst();
        List<NanoDetLevel> levels = NanoDetLevel.of(signature, input.shape());
        int classes = levels.isEmpty() ? 0 : levels.getFirst().classes();
        if (classes == 0 || levels.stream().anyMatch(level -> level.classes() != classes)) {
            return Optional.empty();
        }
        return Optional.of(new NanoDet(input, labels(signature.metadata().get("labels"), classes), levels));
    }

    private static boolean isPicture(Port input) {
        Shape shape = input.shape();
        return input.isFloat()
                && shape.rank() == 4
                && shape.dimension(0) <= 1
                && shape.dimension(1) == 3
                && shape.dimension(2) > 0
                && shape.dimension(3) > 0;
    }

    /** A model that does not name its classes has them by number. */
    private static List<String> labels(@Nullable String metadata, int classes) {
        List<String> labels = new ArrayList<>();
        if (metadata == null) {
            for (int id = 0; id < classes; id++) {
                labels.add("class " + id);
            }
            return List.copyOf(labels);
        }
        Arrays.stream(metadata.split(",", -1)).map(String::strip).forEach(labels::add);
        if (labels.size() != classes) {
            throw TernException.invalid("labels of the model", labels.size(), "as many as it has classes, " + classes);
        }
        return List.copyOf(labels);
    }

    @Override
    public String name() {
        return "NanoDet";
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public double iou() {
        return IOU;
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
    public PreparedPicture prepare(RgbImage picture, Arena arena) {
        Letterbox letterbox = Letterbox.centred(picture.width(), picture.height(), width, height);
        FloatTensor planes = FloatTensor.allocate(arena, Shape.of(1, 3, height, width));
        NORMALIZATION.write(letterbox.render(picture, PADDING), planes);
        return new PreparedPicture(Map.of(input, planes), letterbox);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, CandidateFilter filter) {
        BestScores best = new BestScores(filter.most());
        List<float[]> scores = new ArrayList<>();
        List<float[]> distances = new ArrayList<>();
        int firstIndex = 0;
        for (NanoDetLevel level : levels) {
            float[] values = output(outputs, level.scoresName());
            level.offer(values, firstIndex, filter, best);
            scores.add(values);
            distances.add(output(outputs, level.distancesName()));
            firstIndex += values.length;
        }
        List<ScoredBox> boxes = new ArrayList<>();
        for (int index : best.indices()) {
            int level = 0;
            int inLevel = index;
            while (inLevel >= scores.get(level).length) {
                inLevel -= scores.get(level++).length;
            }
            boxes.add(levels.get(level).box(inLevel, scores.get(level), distances.get(level), width, height));
        }
        return boxes;
    }

    private static float[] output(Map<String, FloatTensor> outputs, String name) {
        FloatTensor output = outputs.get(name);
        if (output == null) {
            throw new IllegalArgumentException("outputs: " + outputs.keySet() + " (expected: " + name + " among them)");
        }
        return output.toArray();
    }
}
