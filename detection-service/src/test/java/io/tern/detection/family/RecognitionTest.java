package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told apart by a model's ends, of networks that answer with one value everywhere. */
class RecognitionTest {
    private static final Port PICTURE = new Port("images", "FLOAT32", Shape.of(1, 3, 320, 320));

    @Test
    void fiveRowsWithoutNamesAreABoxAndOneClass() {
        assertThat(recognise(PICTURE, filled(0.5f), port("output0", 1, 5, 2100)))
                .isInstanceOf(YoloV8.class)
                .satisfies(family -> assertThat(family.labels()).hasSize(1));
    }

    @Test
    void logitsOfFourClassesAreNoBoxes() {
        Network network = (inputs, outputs, arena, cancellation) ->
                Map.of("a", full(arena, Shape.of(1, 25, 4), 0.5f), "b", full(arena, Shape.of(1, 25, 4), -2.5f));
        DetectorFamily family = recognise(PICTURE, network, port("a", 1, 25, 4), port("b", 1, 25, 4));
        assertThat(family).isInstanceOf(SetDetector.class);
        assertThat(family.outputs()).containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void logitsBeforeTheirBoxesAreNoBoxes(int logits) {
        Network network = (inputs, outputs, arena, cancellation) -> Map.of(
                "logits", full(arena, Shape.of(1, 50, logits), 8), "pred_boxes", full(arena, Shape.of(1, 50, 4), 0.5f));
        DetectorFamily family =
                recognise(PICTURE, network, port("logits", 1, 50, logits), port("pred_boxes", 1, 50, 4));
        assertThat(family).isInstanceOf(SetDetector.class);
        assertThat(family.outputs()).containsExactly("logits", "pred_boxes");
    }

    @Test
    void whatIsNoScoreBehindTheClassesIsOfMasksOrPoints() {
        Network network = (inputs, outputs, arena, cancellation) -> {
            FloatTensor rows = full(arena, Shape.of(1, 4 + 3 + 32, 2100), 0.5f);
            for (long place = 0; place < 2100; place += 7) {
                rows.set(7 * 2100 + place, -0.4f); // the first factor of a mask
            }
            return Map.of("output0", rows, "output1", full(arena, Shape.of(1, 32, 80, 80), 3));
        };
        DetectorFamily family =
                recognise(PICTURE, network, port("output0", 1, 39, 2100), port("output1", 1, 32, 80, 80));
        assertThat(family).isInstanceOf(YoloV8.class);
        assertThat(family.labels()).hasSize(3);
    }

    /** Its second version may gather whole pixels in place of sampling between them. */
    @Test
    void aSetWhoseQueriesAreChosenByTopKIsRtDetr() {
        assertThat(recogniseSet(80, Set.of("TopK", "GatherND"), Set.of()).name())
                .isEqualTo("RT-DETR");
        assertThat(recogniseSet(81, Set.of("MatMul"), Set.of()).name()).isEqualTo("DETR");
    }

    @Test
    void whetherTheLastLogitIsNothingIsToldByTheNamesOfModules() {
        Set<String> plain = Set.of("m.class_labels_classifier.bias");
        Set<String> moving = Set.of("m.class_labels_classifier.bias", ".m.model.decoder.query_scale.layers.0.MatMul");
        assertThat(recogniseSet(91, Set.of("MatMul"), plain).labels()).hasSize(90);
        assertThat(recogniseSet(91, Set.of("MatMul"), moving).labels()).hasSize(91);
        assertThat(recogniseSet(7, Set.of("MatMul"), moving).labels()).hasSize(7);
        assertThat(recogniseSet(91, Set.of("MatMul"), Set.of()).labels()).hasSize(91);
        assertThat(recogniseSet(92, Set.of("MatMul"), Set.of()).labels()).hasSize(91);
    }

    private static DetectorFamily recogniseSet(int logits, Set<String> operators, Set<String> parts) {
        Network network = (inputs, outputs, arena, cancellation) -> Map.of(
                "logits", full(arena, Shape.of(1, 50, logits), -3), "boxes", full(arena, Shape.of(1, 50, 4), 0.5f));
        return DetectorFamilies.recognise(
                network,
                new NetworkSignature(
                        List.of(PICTURE),
                        List.of(port("logits", 1, 50, logits), port("boxes", 1, 50, 4)),
                        Map.of(),
                        new Graph(operators, parts, List.of(), Set.of())));
    }

    @Test
    void fourClassesBesideBoxesOfAGridAreScores() {
        Network network = (inputs, outputs, arena, cancellation) ->
                Map.of("a", full(arena, Shape.of(1, 2100, 4), 0.5f), "b", full(arena, Shape.of(1, 2100, 4), 100));
        DetectorFamily family = recognise(PICTURE, network, port("a", 1, 2100, 4), port("b", 1, 2100, 4));
        assertThat(family.name()).isEqualTo("DAMO-YOLO");
        assertThat(family.outputs()).containsExactly("b", "a");
    }

    @Test
    void rowsOfCocoWithoutObjectnessAreToldByTheirCount() {
        assertThat(recognise(PICTURE, rows(2100, 84), port("output", 1, 2100, 84)))
                .isInstanceOf(YoloV8.class);
        assertThat(recognise(PICTURE, rows(2100, 85), port("output", 1, 2100, 85)))
                .isInstanceOf(YoloX.class);
    }

    @Test
    void boxesOfNoGridAreToldByTheirNumbersAndTheCountOfNames() {
        Map<String, String> named = Map.of("names", "['cat', 'dog', 'bird']");
        assertThat(recognise(PICTURE, rows(64, 7), named, port("output", 1, 64, 7)))
                .isInstanceOf(YoloV8.class);
        assertThat(recognise(PICTURE, rows(64, 8), named, port("output", 1, 64, 8)))
                .isInstanceOf(YoloV5.class);
        assertThat(recognise(PICTURE, rows(64, 85), port("output", 1, 64, 85))).isInstanceOf(YoloV5.class);
        assertThat(recognise(PICTURE, columns(7, 64, 0.5f), port("output", 1, 7, 64)))
                .isInstanceOf(YoloV8.class);
        assertThatThrownBy(() -> recognise(PICTURE, columns(7, 64, -0.5f), port("features", 1, 7, 64)))
                .hasMessageContaining("features FLOAT32 [1, 7, 64]");
        assertThatThrownBy(() -> recognise(PICTURE, rows(64, 9), named, port("output", 1, 64, 9)))
                .hasMessageContaining("output FLOAT32 [1, 64, 9]");
    }

    /** Its file leaves the size open, but a grid of 416 pixels is inside. */
    @Test
    void aGraphThatRunsAtOneSizeIsAskedAtThat() {
        Network network = (inputs, outputs, arena, cancellation) -> {
            Shape shape = inputs.get("images").shape();
            TernException.require(shape.dimension(3) == 416, "shape", shape, "a width of 416");
            return Map.of("output0", full(arena, Shape.of(1, 3549, 8), 0.5f));
        };
        DetectorFamily family =
                recognise(new Port("images", "FLOAT32", Shape.of(-1, 3, -1, -1)), network, port("output0", -1, -1, -1));
        try (Arena arena = Arena.ofConfined()) {
            assertThat(family.prepare(new RgbImage(100, 50, new byte[15000]), arena, Cancellation.none())
                            .placement()
                            .inputWidth())
                    .isEqualTo(416);
        }
    }

    /** The graph divides by 255 itself. */
    @Test
    void bytesAreNotScaled() {
        DetectorFamily family = recognise(
                new Port("images", "UINT8", Shape.of(1, 320, 320, 3)), filled(0.5f), port("output0", 1, 7, 2100));
        byte[] white = new byte[3 * 320 * 320];
        Arrays.fill(white, (byte) 200);
        try (Arena arena = Arena.ofConfined()) {
            PreparedPicture prepared = family.prepare(new RgbImage(320, 320, white), arena, Cancellation.none());
            FloatTensor input = prepared.inputs().get("images");
            assertThat(input.shape()).isEqualTo(Shape.of(1, 320, 320, 3));
            assertThat(input.get(0)).isEqualTo(200);
        }
    }

    @Test
    void aPictureIsNotPreparedForACallThatIsCancelled() {
        DetectorFamily family = recognise(PICTURE, filled(0.5f), port("output0", 1, 7, 2100));
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        try (Arena arena = Arena.ofConfined()) {
            RgbImage picture = new RgbImage(320, 320, new byte[3 * 320 * 320]);
            assertThatThrownBy(() -> family.prepare(picture, arena, cancellation))
                    .isInstanceOf(TernException.class)
                    .hasMessageContaining("cancelled");
        }
    }

    @Test
    void whatIsNoDetectorIsRefusedWithItsEnds() {
        assertThatThrownBy(() -> recognise(PICTURE, filled(0.5f), port("embedding", 1, 384)))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("images FLOAT32 [1, 3, 320, 320]")
                .hasMessageContaining("embedding FLOAT32 [1, 384]")
                .hasMessageContaining("YOLO v8..v12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"obb", "classify"})
    void whatHasNoUprightBoxesIsRefusedWithItsTask(String task) {
        assertThatThrownBy(() -> recognise(PICTURE, filled(0.5f), Map.of("task", task), port("output0", 1, 300, 7)))
                .hasMessageStartingWith(
                        "task of the model: " + task + " (expected: one of [detect, segment, pose]; or");
    }

    @Test
    void whatTheMetadataSayOfThePictureIsChecked() {
        Map<String, String> right = Map.of("mean", "1, 2, 3", "std", "[4, 5, 6]", "color", "bgr", "resize", "stretch");
        assertThat(recognise(PICTURE, filled(0.5f), right, port("output0", 1, 7, 2100)))
                .isInstanceOf(YoloV8.class);
        for (Map<String, String> wrong : List.of(
                Map.of("color", "grb"),
                Map.of("mean", "1, 2"),
                Map.of("mean", "1, x, 2"),
                Map.of("std", "0.229, 0.224, 0.225"),
                Map.of("std", "NaN, 1, 1"),
                Map.of("resize", "crop"))) {
            assertThatThrownBy(() -> recognise(PICTURE, filled(0.5f), wrong, port("output0", 1, 7, 2100)))
                    .hasMessageContaining(wrong.keySet().iterator().next() + " of the model: ");
        }
    }

    private static DetectorFamily recognise(Port picture, Network network, Port... outputs) {
        return recognise(picture, network, Map.of(), outputs);
    }

    private static DetectorFamily recognise(
            Port picture, Network network, Map<String, String> metadata, Port... outputs) {
        Graph graph = new Graph(Set.of("Conv"), Set.of(), List.of(), Set.of(3549L));
        return DetectorFamilies.recognise(
                network, new NetworkSignature(List.of(picture), List.of(outputs), metadata, graph));
    }

    private static Port port(String name, long... shape) {
        return new Port(name, "FLOAT32", Shape.of(shape));
    }

    private static Network filled(float value) {
        return (inputs, outputs, arena, cancellation) ->
                Map.of(outputs.getFirst(), full(arena, Shape.of(1, 7, 2100), value));
    }

    /** Boxes of 100 pixels, a row each, with scores of 0.5. */
    private static Network rows(int places, int columns) {
        float[] values = new float[places * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % columns < 4 ? 100 : 0.5f;
        }
        return (inputs, outputs, arena, cancellation) ->
                Map.of(outputs.getFirst(), FloatTensor.copyOf(arena, Shape.of(1, places, columns), values));
    }

    /** The same with the places last. */
    private static Network columns(int columns, int places, float score) {
        float[] values = new float[columns * places];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 4 * places ? 100 : score;
        }
        return (inputs, outputs, arena, cancellation) ->
                Map.of(outputs.getFirst(), FloatTensor.copyOf(arena, Shape.of(1, columns, places), values));
    }

    private static FloatTensor full(Arena arena, Shape shape, float value) {
        float[] values = new float[(int) shape.size()];
        Arrays.fill(values, value);
        return FloatTensor.copyOf(arena, shape, values);
    }
}
