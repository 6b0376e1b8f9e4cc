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
 * @param anchors boxes at a place of a grid: 1, or 3 of different shapes
 */
record YoloOutput(String name, int places, int rows, boolean transposed, int anchors) {
    private static final float PADDING = 114;

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
        return Optional.empty();
    }

    /** One output, or with it masks or raw grids that a decoder of boxes need not read. */
    private static boolean isFirstOfBoxes(Evidence evidence) {
        return evidence.outputs().getFirst().isFloat()
                && evidence.outputs().stream().skip(1).allMatch(other -> other.rank() >= 4);
    }

    /**
     * How many classes there are if a row begins with so many other numbers. Where the model names its classes, what
     * follows them (points or factors of a mask) is not read.
     */
    int classes(Evidence evidence, int before) {
        return Labels.named(evidence.signature().metadata())
                .map(List::size)
                .filter(named -> named <= rows - before)
                .orElse(rows - before);
    }

    /** The picture as Ultralytics' models and those like them want it: letterboxed in the middle of grey, red first, 0..1. */
    static PictureInput letterboxed(Evidence evidence) {
        return evidence.pictureInput(
                Fit.centred(evidence.width(), evidence.height()), BilinearResize::resize, PADDING, Normalization.UNIT);
    }
}
