package io.tern.detection.family;

import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The first output of a YOLO: a row of numbers for each place of its grids. Which way it lies and what the numbers are is
 * seen from its real shape.
 *
 * @param rows numbers of a place
 * @param transposed whether the places are the last dimension
 * @param anchors boxes at a place of a grid: 1, or 3 of different shapes; where there is no grid, 3 with objectness
 */
record YoloOutput(String name, int places, int rows, boolean transposed, int anchors) {
    private static final float PADDING = 114;
    /** By which scores of quantised networks leave 0..1. */
    private static final float SLACK = 0.01f;

    /** Empty if the model has no such output. */
    static Optional<YoloOutput> of(Evidence evidence) {
        if (!evidence.takesOnlyAPicture() || !isFirstOfBoxes(evidence)) {
            return Optional.empty();
        }
        Port output = evidence.outputs().getFirst();
        Shape shape = evidence.shape(output);
        if (shape.rank() != 3 || shape.dimension(0) > 1) {
            return Optional.empty();
        }
        int first = (int) shape.dimension(1);
        int last = (int) shape.dimension(2);
        for (int anchors : new int[] {1, 3}) {
            if (Grids.have(first, anchors, evidence.width(), evidence.height()) && last > 4) {
                return Optional.of(new YoloOutput(output.name(), first, last, false, anchors));
            }
            if (Grids.have(last, anchors, evidence.width(), evidence.height()) && first > 4) {
                return Optional.of(new YoloOutput(output.name(), last, first, true, anchors));
            }
        }
        return decoded(output, first, last, evidence);
    }

    /**
     * Of places that are no grid's, as of a model that lets only its best ones through. What a row is, is told by the count
     * of names, COCO's if there are none, or by the places being last; and its numbers have to be those of boxes.
     */
    private static Optional<YoloOutput> decoded(Port output, int first, int last, Evidence evidence) {
        Optional<Integer> named = Labels.named(evidence.signature().metadata()).map(List::size);
        int classes = named.orElse(Labels.COCO);
        float[] values = evidence.answer(output).values();
        if (values.length != first * last) {
            return Optional.empty();
        }
        boolean transposed =
                named.isPresent() ? first == classes + 4 : first > 4 && first < last && last != classes + 5;
        // Rows of six are as well those of a model that suppresses inside.
        boolean rows = last > 6 && (last == classes + 4 || last == classes + 5);
        if (transposed && areBoxes(new Table(values, last, first, true))) {
            return Optional.of(new YoloOutput(output.name(), last, first, true, 1));
        }
        if (rows && areBoxes(new Table(values, first, last, false))) {
            return Optional.of(new YoloOutput(output.name(), first, last, false, last == classes + 4 ? 1 : 3));
        }
        return Optional.empty();
    }

    /** Sizes in pixels, not all of them of no more than two, and scores in 0..1. */
    private static boolean areBoxes(Table rows) {
        boolean inPixels = false;
        for (int place = 0; place < rows.places(); place++) {
            if (!(rows.at(place, 2) >= 0 && rows.at(place, 3) >= 0)) {
                return false;
            }
            inPixels |= rows.at(place, 2) > 2;
            for (int column = 4; column < rows.columns(); column++) {
                if (!(rows.at(place, column) >= 0 && rows.at(place, column) <= 1)) {
                    return false;
                }
            }
        }
        return inPixels;
    }

    /** One output, or with it masks or raw grids that a decoder of boxes need not read. */
    static boolean isFirstOfBoxes(Evidence evidence) {
        return evidence.outputs().getFirst().isFloat()
                && evidence.outputs().stream().skip(1).allMatch(other -> other.rank() >= 4);
    }

    /**
     * How many classes there are if a row begins with so many other numbers. What follows them, points or factors of a mask,
     * is not read: the names of the classes tell where that begins or, without names, numbers that are no scores.
     */
    int classes(Evidence evidence, int before) {
        return Labels.named(evidence.signature().metadata())
                .map(List::size)
                .filter(named -> named <= rows - before)
                .orElseGet(() -> scores(evidence, before));
    }

    private int scores(Evidence evidence, int before) {
        float[] values = evidence.answer(evidence.outputs().getFirst()).values();
        Table table = new Table(values, places, rows, transposed);
        for (int column = before; column < rows; column++) {
            for (int place = 0; place < places; place++) {
                float value = table.at(place, column);
                if ((value < -SLACK || value > 1 + SLACK) && column > before) {
                    return column - before;
                }
            }
        }
        return rows - before;
    }

    /** The picture as Ultralytics' models and those like them want it: letterboxed in the middle of grey, red first, 0..1. */
    static PictureInput letterboxed(Evidence evidence) {
        return evidence.pictureInput(
                Fit.centred(evidence.width(), evidence.height()), BilinearResize::resize, PADDING, Normalization.UNIT);
    }
}
