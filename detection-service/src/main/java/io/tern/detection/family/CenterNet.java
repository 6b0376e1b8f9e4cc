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
import org.jspecify.annotations.Nullable;

/**
 * CenterNet, Zhou et al. 2019, "Objects as Points": a heat map for each class, whose peaks are centres of objects, and at
 * each place how far the box reaches, either as its four distances in pixels of the input ({@code ltrb}), or as its size
 * ({@code wh}) with the offset of the centre ({@code reg}) in pixels of the map.
 *
 * @param offset name of the offset; null if {@code extent} has four distances
 * @param sigmoid whether the heat map is one of logits
 */
record CenterNet(
        PictureInput input,
        String heat,
        String extent,
        @Nullable String offset,
        boolean sigmoid,
        List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED =
            "CenterNet (a heat map [1, classes, h, w] with ltrb [1, 4, h, w], or with wh and reg [1, 2, h, w])";

    private static final int MOST = 100;
    /** Mean and deviation of the original's data, blue first. */
    private static final Normalization ORIGINAL = new Normalization(
            ChannelOrder.BGR,
            List.of(0.408f * 255, 0.447f * 255, 0.470f * 255),
            List.of(0.289f * 255, 0.274f * 255, 0.278f * 255));

    static Optional<CenterNet> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        Port heat = output(evidence, List.of("heatmap", "hm"), 0);
        Port distances = output(evidence, List.of("ltrb"), 4);
        Port size = output(evidence, List.of("wh"), 2);
        Port offset = output(evidence, List.of("reg", "off", "offset"), 2);
        if (heat != null && distances != null) {
            return Optional.of(of(evidence, heat, Normalization.NONE, distances.name(), null));
        }
        return heat != null && size != null && offset != null
                ? Optional.of(of(evidence, heat, ORIGINAL, size.name(), offset.name()))
                : Optional.empty();
    }

    private static CenterNet of(
            Evidence evidence, Port heat, Normalization colours, String extent, @Nullable String offset) {
        PictureInput input = evidence.pictureInput(
                Fit.centred(evidence.width(), evidence.height()), BilinearResize::resize, 0, colours);
        int classes = (int) evidence.shape(heat).dimension(1);
        return new CenterNet(
                input,
                heat.name(),
                extent,
                offset,
                isOfLogits(evidence.answer(heat).values()),
                Labels.of(evidence.signature().metadata(), classes));
    }

    private static @Nullable Port output(Evidence evidence, List<String> names, int channels) {
        return evidence.outputs().stream()
                .filter(port -> names.contains(port.name()) && port.isFloat() && port.rank() == 4)
                .filter(port -> channels == 0 || evidence.shape(port).dimension(1) == channels)
                .findFirst()
                .orElse(null);
    }

    private static boolean isOfLogits(float[] heat) {
        for (float value : heat) {
            if (value < 0 || value > 1) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String name() {
        return "CenterNet";
    }

    @Override
    public OptionalDouble overlap() {
        return OptionalDouble.of(0.6);
    }

    @Override
    public List<String> outputs() {
        return offset == null ? List.of(heat, extent) : List.of(heat, extent, offset);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        FloatTensor map = Table.output(outputs, heat);
        Shape shape = map.shape();
        int height = (int) shape.dimension(2);
        int width = (int) shape.dimension(3);
        int plane = width * height;
        float[] values = map.toArray();
        float[] reach = Table.output(outputs, extent).toArray();
        float[] shift = offset == null
                ? new float[2 * plane]
                : Table.output(outputs, offset).toArray();
        double stride = (double) placement.inputWidth() / width;
        return Candidates.ofEachClass(
                plane,
                (int) shape.dimension(1),
                (place, id) ->
                        isPeak(values, id * plane, place, width, height) ? score(values[id * plane + place]) : -1,
                place -> {
                    double x = (place % width + shift[place]) * stride;
                    double y = (place / width + shift[plane + place]) * stride;
                    return offset == null
                            ? Candidates.corners(
                                    x - reach[place],
                                    y - reach[plane + place],
                                    x + reach[2 * plane + place],
                                    y + reach[3 * plane + place])
                            : Candidates.around(x, y, reach[place] * stride, reach[plane + place] * stride);
                },
                filter.atMost(MOST));
    }

    private float score(float value) {
        return sigmoid ? (float) (1 / (1 + Math.exp(-value))) : value;
    }

    /** Whether none of the eight places around it has a greater value. */
    private static boolean isPeak(float[] values, int plane, int place, int width, int height) {
        int column = place % width;
        int row = place / width;
        float value = values[plane + place];
        for (int y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
            for (int x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
                if (values[plane + y * width + x] > value) {
                    return false;
                }
            }
        }
        return true;
    }
}
