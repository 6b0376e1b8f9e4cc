package io.tern.detection.family;

import io.tern.base.Cancellation;
import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * RT-DETR and D-FINE as their own repositories export them for deployment: a second input has the size (width, height) to
 * which boxes are scaled, and the outputs are classes, boxes and scores.
 *
 * @param size name of the second input
 */
record RtDetrDeploy(PictureInput input, String size, ChosenBoxes output, List<String> labels)
        implements DetectorFamily {
    static final String EXPECTED =
            "RT-DETR or D-FINE for deployment (sizes INT64 [1, 2] beside the picture; labels, boxes and scores)";

    static Optional<RtDetrDeploy> recognise(Evidence evidence) {
        Optional<Port> size = evidence.besidesAPicture()
                .filter(port ->
                        port.isInteger() && port.rank() == 2 && port.shape().dimension(1) == 2);
        if (size.isEmpty()) {
            return Optional.empty();
        }
        return ChosenBoxes.of(evidence)
                .map(output -> new RtDetrDeploy(
                        RtDetr.input(evidence),
                        size.get().name(),
                        output,
                        Labels.named(evidence.signature().metadata()).orElseGet(() -> Labels.numbered(Labels.COCO))));
    }

    @Override
    public String name() {
        return "RT-DETR for deployment";
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
    public PreparedPicture prepare(RgbImage picture, Arena arena, Cancellation cancellation) {
        return input.prepare(picture, arena, cancellation)
                .and(size, placed -> Evidence.size(arena, placed.inputWidth(), placed.inputHeight()));
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        return output.decode(outputs, placement, filter);
    }
}
