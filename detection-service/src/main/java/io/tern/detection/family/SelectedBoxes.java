package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detectors that end in ONNX's NonMaxSuppression and leave it to the reader to look up what that has selected, as YOLOv3 of
 * Keras: all boxes (top, left, bottom, right), the scores of all classes, and for each one selected the numbers of its
 * picture, class and box. Some take the picture's height and width as well and give pixels of that.
 *
 * @param size name of the input of height and width; null if there is none
 * @param boxes name of [1, places, 4]
 * @param scores name of [1, classes, places]
 * @param selected name of [n, 3] or [1, n, 3]; a negative box is padding
 */
record SelectedBoxes(
        PictureInput input, @Nullable String size, String boxes, String scores, String selected, List<String> labels)
        implements DetectorFamily {
    static final String EXPECTED =
            "a detector that ends in NonMaxSuppression (boxes [1, places, 4], scores [1, classes, "
                    + "places], selected INT64 [n, 3])";

    private static final float PADDING = 128;

    static Optional<SelectedBoxes> recognise(Evidence evidence) {
        List<Port> others = evidence.othersThanAPicture();
        boolean takes = evidence.takesOnlyAPicture()
                || others.size() == 1 && others.getFirst().rank() == 2;
        if (!takes || evidence.outputs().size() != 3) {
            return Optional.empty();
        }
        Optional<Port> selected = evidence.outputs().stream()
                .filter(port -> port.isInteger() && port.rank() >= 2 && port.rank() <= 3)
                .filter(port -> lastDimension(port, evidence) == 3)
                .findFirst();
        List<Port> floats = evidence.outputs().stream()
                .filter(port -> port.isFloat() && port.rank() == 3)
                .toList();
        if (selected.isEmpty() || floats.size() != 2) {
            return Optional.empty();
        }
        for (Port boxes : floats) {
            Port scores = floats.get(boxes == floats.get(0) ? 1 : 0);
            Shape shape = evidence.shape(boxes);
            Shape other = evidence.shape(scores);
            if (shape.dimension(2) == 4 && other.dimension(2) == shape.dimension(1)) {
                return Optional.of(new SelectedBoxes(
                        evidence.pictureInput(
                                Fit.centred(evidence.width(), evidence.height()),
                                BilinearResize::resize,
                                PADDING,
                                Normalization.UNIT),
                        others.isEmpty() ? null : others.getFirst().name(),
                        boxes.name(),
                        scores.name(),
                        selected.get().name(),
                        Labels.of(evidence.signature().metadata(), (int) other.dimension(1))));
            }
        }
        return Optional.empty();
    }

    private static long lastDimension(Port port, Evidence evidence) {
        return evidence.shape(port).dimension(port.rank() - 1);
    }

    @Override
    public String name() {
        return "boxes selected by NonMaxSuppression";
    }

    @Override
    public List<String> outputs() {
        return List.of(boxes, scores, selected);
    }

    /** Told the input's own size, the network gives pixels of the input. */
    @Override
    public boolean rowsArePictures() {
        return false;
    }

    @Override
    public PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        return input.prepare(picture, arena, cancellation)
                .and(size, placed -> Evidence.size(arena, placed.inputHeight(), placed.inputWidth()));
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table corners = Table.of(outputs, boxes, false);
        float[] likely = Table.output(outputs, scores).toArray();
        Table numbers = Table.of(outputs, selected, false);
        return Candidates.ofOneClass(
                numbers.places(),
                row -> number(numbers, row, 2) < 0 ? -1 : number(numbers, row, 1),
                (row, id) -> id < 0 ? -1 : likely[id * corners.places() + number(numbers, row, 2)],
                row -> {
                    int place = number(numbers, row, 2);
                    return Candidates.corners(
                            corners.at(place, 1), corners.at(place, 0), corners.at(place, 3), corners.at(place, 2));
                },
                filter);
    }

    private static int number(Table numbers, int row, int column) {
        return Math.round(numbers.at(row, column));
    }
}
