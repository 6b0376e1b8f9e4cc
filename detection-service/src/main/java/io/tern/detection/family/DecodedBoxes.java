package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Detectors that give all of their places as decoded corners and, apart from them, the scores of all classes, and leave
 * suppression to the reader. {@link Way} says how they differ.
 *
 * @param boxes name of [1, places, 4] or [1, places, 1, 4]
 * @param scores name of [1, places, classes], or transposed
 */
record DecodedBoxes(Way way, PictureInput input, String boxes, String scores, boolean transposed, List<String> labels)
        implements PictureOnlyFamily {
    static final String EXPECTED =
            "YOLO-NAS, DAMO-YOLO, YOLOv4 or SSD with decoded boxes (boxes [1, places, 4] and scores [1, places, classes])";

    private static final float GREY = 114;
    private static final Normalization SSD =
            new Normalization(ChannelOrder.RGB, List.of(127f, 127f, 127f), List.of(128f, 128f, 128f));

    /** Whose export it is, by the order of the outputs, the boxes' unit and the scores' sum. */
    private enum Way {
        /** Boxes first, in pixels. The picture lies in the middle of grey, 0..1. */
        YOLO_NAS("YOLO-NAS", false, 0.7),
        /** Scores first, boxes in pixels. The picture lies in the upper left corner of black, 0..255. */
        DAMO_YOLO("DAMO-YOLO", false, 0.7),
        /** Boxes [1, places, 1, 4] in 0..1 of a stretched picture, 0..1. */
        YOLO_V4("YOLO v4", true, 0.6),
        /** Softmax with the background as first class, boxes in 0..1 of a stretched picture of about -1..1. */
        SSD("SSD", true, 0.45);

        private final String label;
        private final boolean unit;
        private final double overlap;

        Way(String label, boolean unit, double overlap) {
            this.label = label;
            this.unit = unit;
            this.overlap = overlap;
        }
    }

    static Optional<DecodedBoxes> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || evidence.outputs().size() != 2) {
            return Optional.empty();
        }
        Port first = evidence.outputs().get(0);
        Port second = evidence.outputs().get(1);
        if (!first.isFloat() || !second.isFloat() || first.rank() < 3 || second.rank() < 3) {
            return Optional.empty();
        }
        return of(first, second, true, evidence).or(() -> of(second, first, false, evidence));
    }

    private static Optional<DecodedBoxes> of(Port boxes, Port scores, boolean boxesFirst, Evidence evidence) {
        if (!isBoxes(boxes, scores, evidence)) {
            return Optional.empty();
        }
        Shape shape = evidence.shape(scores);
        boolean transposed = shape.dimension(1) != places(boxes, evidence);
        return way(boxes, scores, boxesFirst, evidence)
                .map(way -> new DecodedBoxes(
                        way,
                        input(way, evidence),
                        boxes.name(),
                        scores.name(),
                        transposed,
                        Labels.of(evidence.signature().metadata(), (int) shape.dimension(transposed ? 1 : 2))));
    }

    private static PictureInput input(Way way, Evidence evidence) {
        int width = evidence.width();
        int height = evidence.height();
        return switch (way) {
            case YOLO_NAS ->
                evidence.pictureInput(Fit.centred(width, height), BilinearResize::resize, GREY, Normalization.UNIT);
            case DAMO_YOLO ->
                evidence.pictureInput(Fit.topLeft(width, height), BilinearResize::resize, 0, Normalization.NONE);
            case YOLO_V4 ->
                evidence.pictureInput(Fit.stretched(width, height), BilinearResize::resize, 0, Normalization.UNIT);
            case SSD -> evidence.pictureInput(Fit.stretched(width, height), BilinearResize::resize, 0, SSD);
        };
    }

    /** Empty for what has logits in place of scores. */
    private static Optional<Way> way(Port boxes, Port scores, boolean boxesFirst, Evidence evidence) {
        float[] likely = evidence.answer(scores).values();
        if (!areWithin(0, 1, likely)) {
            return Optional.empty();
        }
        if (boxes.rank() == 4) {
            return Optional.of(Way.YOLO_V4);
        }
        if (!areWithin(-2, 3, evidence.answer(boxes).values())) {
            // Four classes look like boxes: logits of queries, which have no grid, and in place of scores their boxes.
            boolean alike = isBoxes(scores, boxes, evidence)
                    && !Grids.have(places(boxes, evidence), 1, evidence.width(), evidence.height());
            return alike ? Optional.empty() : Optional.of(boxesFirst ? Way.YOLO_NAS : Way.DAMO_YOLO);
        }
        int classes = (int) evidence.shape(scores).dimension(2);
        return classes > 1 && sumToOne(likely, classes) ? Optional.of(Way.SSD) : Optional.empty();
    }

    private static boolean isBoxes(Port boxes, Port scores, Evidence evidence) {
        Shape shape = evidence.shape(boxes);
        Shape other = evidence.shape(scores);
        int last = shape.rank() - 1;
        boolean four = shape.dimension(0) <= 1 && shape.dimension(last) == 4;
        boolean corners = shape.rank() == 3 || shape.rank() == 4 && shape.dimension(2) == 1;
        return four
                && corners
                && other.rank() == 3
                && (other.dimension(1) == shape.dimension(1) || other.dimension(2) == shape.dimension(1));
    }

    private static long places(Port boxes, Evidence evidence) {
        return evidence.shape(boxes).dimension(1);
    }

    private static boolean areWithin(float least, float largest, float[] values) {
        for (float value : values) {
            if (!(value >= least && value <= largest)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sumToOne(float[] values, int row) {
        for (int from = 0; from < values.length; from += row) {
            double sum = 0;
            for (int i = from; i < from + row; i++) {
                sum += values[i];
            }
            if (Math.abs(sum - 1) > 1e-3) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String name() {
        return way.label;
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(way.overlap);
    }

    @Override
    public List<String> outputs() {
        return List.of(boxes, scores);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        float[] corners = Table.output(outputs, boxes).toArray();
        Table likely = Table.of(outputs, scores, transposed);
        double width = way.unit ? placement.inputWidth() : 1;
        double height = way.unit ? placement.inputHeight() : 1;
        int background = way == Way.SSD ? 0 : -1;
        return Candidates.ofEachClass(
                likely.places(),
                likely.columns(),
                (place, id) -> id == background ? -1 : likely.at(place, id),
                place -> Candidates.corners(
                        corners[4 * place] * width,
                        corners[4 * place + 1] * height,
                        corners[4 * place + 2] * width,
                        corners[4 * place + 3] * height),
                filter);
    }
}
