package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.box.Box;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.codec.ImageDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The trained two-stage detectors on the labelled scenes, against what ONNX Runtime in Python found. */
class RegionScoresTest {
    private static final Map<String, List<String>> SCENES = Map.of(
            "emoji", List.of("000", "009", "018", "027", "036", "045", "054"),
            "things", List.of("000", "001", "002", "003", "004", "005", "006"));

    private static OnnxNetworks networks;

    @BeforeAll
    static void open() {
        networks = new OnnxNetworks(2, 2, 100, "cpu", Path.of(System.getProperty("java.io.tmpdir"), "tern-native"));
    }

    @AfterAll
    static void close() {
        networks.close();
    }

    @ParameterizedTest
    @CsvSource({
        "frcnn, emoji, Faster R-CNN, cat",
        "rfcn, emoji, R-FCN, cat",
        "deform_rfcn, emoji, Deformable R-FCN, cat",
        "frcnn, things, Faster R-CNN, sea animal",
        "rfcn, things, R-FCN, sea animal",
        "deform_rfcn, things, Deformable R-FCN, sea animal"
    })
    void findsWhatTheReferenceFinds(String head, String scenes, String family, String label) {
        Path file = Golden.root().resolve("models/detection/%s_%s_128.onnx".formatted(head, scenes));
        Graph inside = Golden.graph(file);
        DetectionOptions options = new DetectionOptions(0.05f, 0.45, ClassFilter.all(), 20);
        try (Detector detector = networks.load(
                file,
                (network, signature) ->
                        new Detector(network, DetectorFamilies.recognise(network, signature.with(inside))))) {
            assertThat(detector.family().name()).isEqualTo(family);
            assertThat(detector.family().labels()).hasSize(10).contains(label);
            for (String scene : Objects.requireNonNull(SCENES.get(scenes))) {
                byte[] picture = Golden.scene(scenes, scene);
                List<Detection> found = networks.onWorker(
                        () -> detector.detect(ImageDecoder.decode(picture), options, Cancellation.none())
                                .detections(),
                        Cancellation.none());
                assertSame(scene, Golden.json(scenes + "/" + scene + ".json").at("/reference/" + head), found);
            }
        }
    }

    private static void assertSame(String scene, JsonNode references, List<Detection> found) {
        assertThat(found).as(scene).hasSize(references.size());
        for (int i = 0; i < found.size(); i++) {
            JsonNode reference = references.get(i);
            JsonNode box = reference.get("xyxy");
            assertThat(found.get(i).classId())
                    .as("%s, %d", scene, i)
                    .isEqualTo(reference.get("class_id").intValue());
            assertThat((double) found.get(i).score())
                    .isCloseTo(reference.get("score").doubleValue(), Offset.offset(2e-5));
            assertThat(found.get(i)
                            .box()
                            .iou(new Box(
                                    box.get(0).doubleValue(),
                                    box.get(1).doubleValue(),
                                    box.get(2).doubleValue(),
                                    box.get(3).doubleValue())))
                    .isGreaterThan(0.999);
        }
    }
}
