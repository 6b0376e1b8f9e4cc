package io.tern.detection.family;

import io.tern.detection.box.ScoredBox;
import io.tern.detection.image.BilinearResize;
import io.tern.detection.image.Fit;
import io.tern.detection.image.Normalization;
import io.tern.detection.image.Placement;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * RT-DETR as Ultralytics exports it: one output with the queries' boxes as centre and size in 0..1 of the input, then
 * score and class, or in older exports the scores of all classes. The picture is stretched.
 *
 * @param chosen whether each row has one score and its class
 */
record UltralyticsRtDetr(PictureInput input, String output, boolean chosen, List<String> labels)
        implements PictureOnlyFamily {
    static final String EXPECTED = "RT-DETR of Ultralytics (metadata head RTDETRDecoder, one output [1, queries, 6])";

    static Optional<UltralyticsRtDetr> recognise(Evidence evidence) {
        boolean named = evidence.metadata("head").orElse("").contains("RTDETR")
                || evidence.metadata("description")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .contains("rtdetr");
        if (!evidence.takesOnlyAPicture() || evidence.outputs().size() != 1 || !named) {
            return Optional.empty();
        }
        Port output = evidence.outputs().getFirst();
        Shape shape = evidence.shape(output);
        if (shape.rank() != 3 || shape.dimension(2) < 5) {
            return Optional.empty();
        }
        int columns = (int) shape.dimension(2);
        List<String> labels = Labels.named(evidence.signature().metadata())
                .orElseGet(() -> Labels.numbered(columns == 6 ? 80 : columns - 4));
        PictureInput input = evidence.pictureInput(
                Fit.stretched(evidence.width(), evidence.height()), BilinearResize::resize, 0, Normalization.UNIT);
        return Optional.of(new UltralyticsRtDetr(input, output.name(), columns != labels.size() + 4, labels));
    }

    @Override
    public String name() {
        return "RT-DETR of Ultralytics";
    }

    @Override
    public List<String> outputs() {
        return List.of(output);
    }

    @Override
    public List<ScoredBox> decode(Map<String, FloatTensor> outputs, Placement placement, CandidateFilter filter) {
        Table rows = Table.of(outputs, output, false);
        Candidates.Boxes boxes = place -> Candidates.around(
                rows.at(place, 0) * placement.inputWidth(),
                rows.at(place, 1) * placement.inputHeight(),
                rows.at(place, 2) * placement.inputWidth(),
                rows.at(place, 3) * placement.inputHeight());
        return chosen
                ? Candidates.ofOneClass(
                        rows.places(),
                        place -> Math.round(rows.at(place, 5)),
                        (place, _) -> rows.at(place, 4),
                        boxes,
                        filter)
                : Candidates.ofEachClass(
                        rows.places(), labels.size(), (place, id) -> rows.at(place, 4 + id), boxes, filter);
    }
}
