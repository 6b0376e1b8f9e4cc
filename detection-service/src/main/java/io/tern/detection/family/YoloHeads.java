package io.tern.detection.family;

import io.tern.base.TernException;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * YOLO v3, v5 and v7 exported without their last layer, which decodes: an output for each grid with the logits of three
 * anchors a place. The anchors, in pixels, are then not in the file; they are those of the metadata, {@code anchors}, or
 * those with which the models are published. Darknet's exports of v3 and v4 have grids of the same shapes and another rule;
 * so planes are read if the file is seen to come from PyTorch, or says its anchors.
 *
 * @param heads the finest first
 * @param anchors width and height of each, in the order of the heads
 */
record YoloHeads(PictureInput input, List<Head> heads, List<Double> anchors, List<String> labels)
        implements PictureOnlyFamily {
    static final String EXPECTED =
            "YOLO v3, v5, v7 without its last layer (for each grid [1, 3, height, width, 5 + classes], or [1, 3 (5 + classes), "
                    + "height, width] of 80 or of named classes)";

    private static final int ANCHORS = 3;
    private static final int BEFORE_CLASSES = 5;
    private static final int FINEST_STRIDE = 8;
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d*)?");

    /** Width and height of each anchor, the finest grid first. */
    private static final String V5 = "10,13, 16,30, 33,23, 30,61, 62,45, 59,119, 116,90, 156,198, 373,326";

    private static final String V7 = "12,16, 19,36, 40,28, 36,75, 76,55, 72,146, 142,110, 192,243, 459,401";
    /** Of those for 1280 pixels, of v5 and v7. */
    private static final String FOUR_GRIDS =
            "19,27, 44,40, 38,94, 96,68, 86,152, 180,137, 140,301, 303,264, 238,542, 436,615, 739,380, 925,792";

    /**
     * A grid.
     *
     * @param inPlanes whether the numbers of a place are apart: [1, 3 numbers, rows, columns]
     * @param numbers of an anchor
     * @param stride pixels from place to place
     */
    record Head(String name, boolean inPlanes, int numbers, int rows, int columns, int stride) {
        int places() {
            return ANCHORS * rows * columns;
        }

        /** @param place of the first anchor row by row, then of the others */
        double sigmoid(float[] values, int place, int number) {
            int grid = rows * columns;
            float logit = inPlanes
                    ? values[(place / grid * numbers + number) * grid + place % grid]
                    : values[place * numbers + number];
            return 1 / (1 + Math.exp(-logit));
        }
    }

    static Optional<YoloHeads> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || evidence.outputs().size() < 2) {
            return Optional.empty();
        }
        boolean knownRule = evidence.signature().graph().names("model.")
                || evidence.metadata("anchors").isPresent();
        List<Head> heads = new ArrayList<>();
        for (Port output : evidence.outputs()) {
            head(output, evidence).filter(head -> knownRule || !head.inPlanes).ifPresent(heads::add);
        }
        heads.sort(Comparator.comparingInt(Head::stride));
        boolean grids = heads.size() == evidence.outputs().size();
        for (int i = 0; grids && i < heads.size(); i++) {
            grids = heads.get(i).stride == FINEST_STRIDE << i && heads.get(i).numbers == heads.getFirst().numbers;
        }
        if (!grids) {
            return Optional.empty();
        }
        int classes = heads.getFirst().numbers - BEFORE_CLASSES;
        return Optional.of(new YoloHeads(
                YoloOutput.letterboxed(evidence),
                heads,
                anchors(heads.size(), evidence),
                Labels.of(evidence.signature().metadata(), classes)));
    }

    /** The heads of v7 and v7x are the layers 105 and 121 of their networks; v7-tiny has the anchors of v5. */
    private static List<Double> anchors(int heads, Evidence evidence) {
        Graph graph = evidence.signature().graph();
        boolean isV7 = graph.names("model.105.") || graph.names("model.121.");
        String usual = heads == 4 ? FOUR_GRIDS : isV7 ? V7 : V5;
        String text = evidence.metadata("anchors").orElse(usual);
        List<Double> anchors = NUMBER.matcher(text)
                .results()
                .map(number -> Double.parseDouble(number.group()))
                .toList();
        TernException.require(
                anchors.size() == 2 * ANCHORS * heads,
                "anchors of the model",
                text,
                2 * ANCHORS * heads + " numbers in the metadata, width and height of three for each of " + heads
                        + " grids");
        return anchors;
    }

    private static Optional<Head> head(Port output, Evidence evidence) {
        if (!output.isFloat() || output.rank() < 4 || output.rank() > 5) {
            return Optional.empty();
        }
        Shape shape = evidence.shape(output);
        boolean inPlanes = shape.rank() == 4;
        int rows = (int) shape.dimension(2);
        int columns = (int) shape.dimension(3);
        int numbers = (int) (inPlanes ? shape.dimension(1) / ANCHORS : shape.dimension(4));
        int classes =
                Labels.named(evidence.signature().metadata()).map(List::size).orElse(Labels.COCO);
        // Planes are not told apart from those of other detectors but by their count.
        boolean its = inPlanes
                ? shape.dimension(1) == ANCHORS * (BEFORE_CLASSES + (long) classes)
                : shape.dimension(1) == ANCHORS && numbers > BEFORE_CLASSES;
        int stride = columns > 0 ? evidence.width() / columns : 0;
        return its && shape.dimension(0) <= 1 && rows > 0 && stride * rows == evidence.height()
                ? Optional.of(new Head(output.name(), inPlanes, numbers, rows, columns, stride))
                : Optional.empty();
    }

    @Override
    public String name() {
        return "YOLO without its last layer";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(YoloV5.OVERLAP);
    }

    @Override
    public List<String> outputs() {
        return heads.stream().map(Head::name).toList();
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        int numbers = heads.getFirst().numbers;
        int places = heads.stream().mapToInt(Head::places).sum();
        Table rows = new Table(new float[places * numbers], places, numbers, false);
        int from = 0;
        for (int level = 0; level < heads.size(); level++) {
            decode(level, outputs, filter.threshold(), rows.values(), from * numbers);
            from += heads.get(level).places();
        }
        return YoloV5.best(rows, labels.size(), filter);
    }

    /** What the missing layer would give. Places without an object stay zeros, which are no boxes. */
    private void decode(int level, Map<String, FloatTensor> outputs, float threshold, float[] rows, int from) {
        Head head = heads.get(level);
        float[] values = Table.output(outputs, head.name).toArray();
        int grid = head.rows * head.columns;
        for (int place = 0; place < head.places(); place++) {
            double objectness = head.sigmoid(values, place, 4);
            if (objectness < threshold) {
                continue;
            }
            int row = from + place * head.numbers;
            int anchor = 2 * (level * ANCHORS + place / grid);
            rows[row] =
                    (float) ((2 * head.sigmoid(values, place, 0) - 0.5 + place % grid % head.columns) * head.stride);
            rows[row + 1] =
                    (float) ((2 * head.sigmoid(values, place, 1) - 0.5 + place % grid / head.columns) * head.stride);
            rows[row + 2] = (float) (Math.pow(2 * head.sigmoid(values, place, 2), 2) * anchors.get(anchor));
            rows[row + 3] = (float) (Math.pow(2 * head.sigmoid(values, place, 3), 2) * anchors.get(anchor + 1));
            for (int number = 4; number < head.numbers; number++) {
                rows[row + number] = (float) head.sigmoid(values, place, number);
            }
        }
    }
}
