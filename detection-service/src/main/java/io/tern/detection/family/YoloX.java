package io.tern.detection.family;

import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Fit;
import io.tern.detection.image.FixedPointResize;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * YOLOX, Ge et al. 2021: one anchor a place, with objectness. Some exports leave the decoding of boxes to the reader:
 * offset from the place in strides, and the logarithm of the size in strides. The picture lies in the upper left corner
 * with the values 0..255; blue is first if the metadata say {@code color: bgr}, as in the original tools.
 *
 * @param raw whether boxes have to be decoded
 */
record YoloX(PictureInput input, YoloOutput output, boolean raw, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED = "YOLOX (one output [1, places, 5 + classes], raw or decoded)";

    private static final List<Integer> STRIDES = List.of(8, 16, 32);
    private static final float PADDING = 114;
    /** A side as long as 22000 strides: more says nothing. */
    private static final double LARGEST_EXPONENT = 10;

    static Optional<YoloX> recognise(Evidence evidence) {
        return YoloOutput.of(evidence)
                .filter(output -> !output.transposed() && output.anchors() == 1 && output.rows() > 5)
                .filter(output -> output.places() == Grids.places(STRIDES, evidence.width(), evidence.height()))
                .map(output -> new YoloX(
                        input(evidence),
                        output,
                        isRaw(output, evidence),
                        Labels.of(evidence.signature().metadata(), output.classes(evidence, 5))));
    }

    private static PictureInput input(Evidence evidence) {
        return evidence.pictureInput(
                Fit.topLeft(evidence.width(), evidence.height()),
                FixedPointResize::resize,
                PADDING,
                Normalization.NONE);
    }

    /** Decoded, the centres of the places spread over the input; raw, they are offsets of about half a stride. */
    private static boolean isRaw(YoloOutput output, Evidence evidence) {
        float[] rows = evidence.answer(evidence.outputs().getFirst()).values();
        float[] x = new float[output.places()];
        for (int place = 0; place < x.length; place++) {
            x[place] = Math.abs(rows[place * output.rows()]);
        }
        Arrays.sort(x);
        return x[x.length / 2] < evidence.width() / 8f;
    }

    @Override
    public String name() {
        return "YOLOX";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(0.45);
    }

    @Override
    public List<String> outputs() {
        return List.of(output.name());
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, output.name(), false);
        return Candidates.ofBestClass(
                rows.places(),
                labels.size(),
                (place, id) -> rows.at(place, 4) * rows.at(place, 5 + id),
                place -> raw
                        ? onGrid(rows, place, placement)
                        : Candidates.around(rows.at(place, 0), rows.at(place, 1), rows.at(place, 2), rows.at(place, 3)),
                filter);
    }

    private static @Nullable Box onGrid(Table rows, int place, Placement placement) {
        int inGrid = place;
        for (int stride : STRIDES) {
            int columns = Math.ceilDiv(placement.inputWidth(), stride);
            int count = columns * Math.ceilDiv(placement.inputHeight(), stride);
            if (inGrid < count) {
                return Candidates.around(
                        (rows.at(place, 0) + inGrid % columns) * stride,
                        (rows.at(place, 1) + inGrid / columns) * stride,
                        Math.exp(Math.min(LARGEST_EXPONENT, rows.at(place, 2))) * stride,
                        Math.exp(Math.min(LARGEST_EXPONENT, rows.at(place, 3))) * stride);
            }
            inGrid -= count;
        }
        throw new IllegalArgumentException("place: " + place + " (expected: one of the grids)");
    }
}
