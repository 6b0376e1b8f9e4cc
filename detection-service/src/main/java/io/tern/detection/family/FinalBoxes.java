package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.ChannelOrder;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.tensor.FloatTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Detectors whose graph holds all from normalisation to suppression: Faster R-CNN, RetinaNet, FCOS and SSD of torchvision,
 * which take 0..1 and resize themselves, and those of Detectron, which take blue first in 0..255 and a picture already
 * resized. Thresholds are in the graph: a lower one than its own brings nothing more.
 */
record FinalBoxes(PictureInput input, ChosenBoxes output, List<String> labels) implements PictureOnlyFamily {
    static final String EXPECTED =
            "Faster R-CNN, RetinaNet, FCOS or SSD of torchvision or Detectron (boxes [n, 4], labels INT64 [n], scores [n])";

    private static final int COCO = 91;
    /** Twice what the graphs shrink a picture to; larger ones would cost memory for nothing. */
    private static final int SHORTER = 1600;

    private static final int LONGER = 2666;
    private static final int DETECTRON_SHORTER = 800;
    private static final int DETECTRON_LONGER = 1333;
    private static final float PADDING = 114;
    /** Of Caffe's weights, which the older exports subtract before the graph. */
    private static final Normalization CAFFE =
            new Normalization(ChannelOrder.BGR, List.of(102.9801f, 115.9465f, 122.7717f), List.of(1f, 1f, 1f));

    static Optional<FinalBoxes> recognise(Evidence evidence) {
        if (!evidence.takesOnlyAPicture()) {
            return Optional.empty();
        }
        return ChosenBoxes.of(evidence)
                .map(output -> new FinalBoxes(
                        input(evidence, output),
                        output,
                        Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(COCO))));
    }

    private static PictureInput input(Evidence evidence, ChosenBoxes output) {
        boolean padded = evidence.signature().outputs().stream()
                .anyMatch(port -> port.name().equals(output.boxes()) && port.rank() == 3);
        if (padded) { // of a one-stage detector with its suppression in the graph
            Normalization normalization =
                    ColourScale.inside(evidence).orElse(output.unit() ? Normalization.IMAGENET : Normalization.UNIT);
            Fit fit = output.unit()
                    ? Fit.stretched(evidence.width(), evidence.height())
                    : Fit.centred(evidence.width(), evidence.height());
            return evidence.pictureInput(fit, BilinearResize::resize, PADDING, normalization);
        }
        Normalization normalization = ColourScale.inside(evidence).orElse(CAFFE);
        return evidence.pictureInput(fit(evidence, normalization), BilinearResize::resize, 0, normalization);
    }

    private static Fit fit(Evidence evidence, Normalization normalization) {
        if (evidence.hasFixedSize()) {
            return Fit.stretched(evidence.width(), evidence.height());
        }
        return ColourScale.isUnit(normalization)
                ? Fit.ownSize(SHORTER, LONGER, 1)
                : Fit.shortestSide(DETECTRON_SHORTER, DETECTRON_LONGER);
    }

    @Override
    public String name() {
        return "boxes, labels and scores";
    }

    @Override
    public List<String> outputs() {
        return output.names();
    }

    @Override
    public boolean rowsArePictures() {
        return output.rowsArePictures();
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        return output.decode(outputs, placement, filter);
    }
}
