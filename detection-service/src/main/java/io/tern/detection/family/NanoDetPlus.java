package io.tern.detection.family;

import io.tern.detection.box.Box;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Fit;
import io.tern.detection.image.FixedPointResize;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * NanoDet-Plus: at each place of four grids the scores of all classes, and for each side of a box a distribution over 8
 * distances. Unlike in NanoDet the places are corners of their cells, and the picture is stretched.
 */
record NanoDetPlus(PictureInput input, String output, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED = "NanoDet-Plus (one output [1, places, classes + 32])";

    private static final List<Integer> STRIDES = List.of(8, 16, 32, 64);
    private static final int BINS = 8;

    static Optional<NanoDetPlus> recognise(Evidence evidence) {
        Port output = evidence.outputs().getFirst();
        if (!evidence.takesOnlyAPicture() || evidence.outputs().size() != 1 || !output.isFloat()) {
            return Optional.empty();
        }
        Shape shape = evidence.shape(output);
        int classes = shape.rank() == 3 ? (int) shape.dimension(2) - 4 * BINS : 0;
        if (classes < 1 || shape.dimension(1) != Grids.places(STRIDES, evidence.width(), evidence.height())) {
            return Optional.empty();
        }
        PictureInput input = evidence.pictureInput(
                Fit.stretched(evidence.width(), evidence.height()),
                FixedPointResize::resize,
                0,
                new Normalization(
                        ChannelOrder.BGR, List.of(103.53f, 116.28f, 123.675f), List.of(57.375f, 57.12f, 58.395f)));
        return Optional.of(new NanoDetPlus(
                input, output.name(), Labels.of(evidence.signature().metadata(), classes)));
    }

    @Override
    public String name() {
        return "NanoDet-Plus";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(0.6);
    }

    @Override
    public List<String> outputs() {
        return List.of(output);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, output, false);
        return Candidates.ofEachClass(
                rows.places(), labels.size(), rows::at, place -> box(rows, place, placement), filter);
    }

    private @Nullable Box box(Table rows, int place, Placement placement) {
        int inGrid = place;
        for (int stride : STRIDES) {
            int columns = Math.ceilDiv(placement.inputWidth(), stride);
            int count = columns * Math.ceilDiv(placement.inputHeight(), stride);
            if (inGrid < count) {
                double x = inGrid % columns * (double) stride;
                double y = inGrid / columns * (double) stride;
                int sides = place * rows.columns() + labels.size();
                Box box = Candidates.corners(
                        x - distance(rows, sides) * stride,
                        y - distance(rows, sides + BINS) * stride,
                        x + distance(rows, sides + 2 * BINS) * stride,
                        y + distance(rows, sides + 3 * BINS) * stride);
                return box == null ? null : box.clip(placement.inputWidth(), placement.inputHeight());
            }
            inGrid -= count;
        }
        throw new IllegalArgumentException("place: " + place + " (expected: one of the grids)");
    }

    private static double distance(Table rows, int from) {
        return NanoDetLevel.expectation(rows.values(), from, BINS);
    }
}
