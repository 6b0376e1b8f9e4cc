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
import io.tern.imaging.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Detectors with the inputs and outputs of tools that people export with, against those tools' own rules in NumPy. All that
 * they say depends on the mean of their input, so a wrong colour, scale, padding or fit moves every score.
 */
class ExportsTest {
    private static final float THRESHOLD = 0.5f;
    private static final double SCORE_TOLERANCE = 0.002;
    private static final int WIDTH = 200;
    private static final int HEIGHT = 100;

    /** Of several pictures' boxes it could not be seen whose they are. */
    private static final Set<String> ROWS_ARE_BOXES =
            Set.of("paddle_ppyoloe", "paddle_picodet", "paddle_rtdetr", "yolo_nas_flat", "yolo_v3_keras");

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
    @ValueSource(
            strings = {
                "paddle_ppyoloe",
                "paddle_picodet",
                "paddle_rtdetr",
                "efficient_nms",
                "yolo_nas",
                "yolo_nas_flat",
                "damo_yolo",
                "yolo_v4",
                "ssd_decoded",
                "efficientdet_tf",
                "yolo_v3_keras",
                "end2end_pose",
                "declared"
            })
    void isReadAsItsToolReadsIt(String model) {
        JsonNode about = Golden.json("exports/" + model + ".json");
        List<Detection> found = detect(model, about.get("family").stringValue());
        List<Detection> left = new ArrayList<>(found);
        for (JsonNode wanted : about.get("detections")) {
            Box box = inPicture(wanted.get("xyxy"));
            if (isOutside(box)) {
                continue;
            }
            Detection match = left.stream()
                    .filter(one -> isSame(one, wanted, box))
                    .findFirst()
                    .orElse(null);
            assertThat(match).as("%s among %s", wanted, found).isNotNull();
            left.remove(match);
        }
        assertThat(left)
                .as("found besides")
                .allMatch(extra -> extra.score() < THRESHOLD + SCORE_TOLERANCE || isOutside(extra.box()));
    }

    /** All of it in the padding. */
    private static boolean isOutside(Box box) {
        return box.x2() - box.x1() < 1 || box.y2() - box.y1() < 1;
    }

    private static boolean isSame(Detection one, JsonNode wanted, Box box) {
        return one.classId() == wanted.get("class_id").intValue()
                && Math.abs(one.score() - wanted.get("score").doubleValue()) <= SCORE_TOLERANCE
                && one.box().iou(box) >= 0.99;
    }

    private static Box inPicture(JsonNode corners) {
        return new Box(
                Math.clamp(corners.get(0).doubleValue(), 0, WIDTH),
                Math.clamp(corners.get(1).doubleValue(), 0, HEIGHT),
                Math.clamp(corners.get(2).doubleValue(), 0, WIDTH),
                Math.clamp(corners.get(3).doubleValue(), 0, HEIGHT));
    }

    private static List<Detection> detect(String model, String family) {
        Path file = Golden.folder().resolve("exports/" + model + ".onnx");
        Graph inside = Golden.graph(file);
        return networks.onWorker(
                () -> {
                    try (Detector detector = networks.load(
                            file,
                            (network, signature) -> new Detector(
                                    network, DetectorFamilies.recognise(network, signature.with(inside))))) {
                        assertThat(detector.family().name()).isEqualTo(family);
                        assertThat(detector.family().rowsArePictures()).isEqualTo(!ROWS_ARE_BOXES.contains(model));
                        DetectionOptions options = new DetectionOptions(
                                THRESHOLD - 0.002f,
                                detector.family().overlap().orElse(DetectionOptions.ANY_OVERLAP),
                                ClassFilter.all(),
                                1000);
                        return detector.detect(picture(), options, Cancellation.none())
                                .detections();
                    }
                },
                Cancellation.none());
    }

    /** Of one colour, so that no way of resizing makes a difference. */
    private static RgbImage picture() {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) 204;
            rgb[i + 1] = 102;
            rgb[i + 2] = 51;
        }
        return new RgbImage(WIDTH, HEIGHT, rgb);
    }
}
