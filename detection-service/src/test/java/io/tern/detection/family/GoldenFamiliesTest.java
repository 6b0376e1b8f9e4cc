package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.box.Box;
import io.tern.detection.image.Placement;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.tensor.FloatTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Detectors as their libraries export them, loaded without a word about them: from the very input that the library made,
 * the library's own detections. Their weights are random and enlarge each difference, so nothing wrong stays small.
 */
class GoldenFamiliesTest {
    private static final float LEAST_IOU = 0.99f;
    private static final double SCORE_TOLERANCE = 0.002;
    private static final Path FOLDER = Golden.folder().resolve("families");

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
        "generic_v5, YOLO v5",
        "generic_v5_nometa, YOLO v5",
        "generic_v8, YOLO v8",
        "generic_v8_dynamic, YOLO v8",
        "generic_end2end, YOLO end to end",
        "yolox, YOLOX",
        "yolox_decoded, YOLOX",
        "torchvision_fasterrcnn, 'boxes, labels and scores'",
        "torchvision_retinanet, 'boxes, labels and scores'",
        "torchvision_fcos, 'boxes, labels and scores'",
        "torchvision_ssdlite, 'boxes, labels and scores'",
        "detr, DETR",
        "detr_pixel_mask, DETR",
        "yolos, DETR",
        "deformable_detr, Deformable DETR",
        "rt_detr, RT-DETR",
        "rt_detr_v2, RT-DETR",
        "d_fine, RT-DETR",
        "rt_detr_deploy, RT-DETR for deployment",
        "rf_detr, RF-DETR",
        "lw_detr, LW-DETR"
    })
    void findsWhatItsLibraryFinds(String model, String family) {
        JsonNode about = Golden.json("families/" + model + "/about.json");
        float threshold = (float) about.at("/post_processing/threshold").asDouble(0.25);
        try (Detector detector = load(model)) {
            assertThat(detector.family().name()).isEqualTo(family);
            for (Map.Entry<String, JsonNode> reference : about.get("reference").properties()) {
                Case test = Case.of(about, reference.getKey(), reference.getValue());
                List<Detection> found = detect(detector, test.picture(), threshold - 0.002f);
                assertSame(model + " on " + reference.getKey(), test.wanted(), found, threshold, test.area());
            }
        }
    }

    /** With its own way of resizing; those that take any size are left out, as their golden inputs were made small. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "yolox",
                "yolox_decoded",
                "deformable_detr",
                "rt_detr",
                "rt_detr_v2",
                "d_fine",
                "rt_detr_deploy",
                "lw_detr"
            })
    void findsTheSameInThePictureItself(String model) {
        JsonNode about = Golden.json("families/" + model + "/about.json");
        float threshold = (float) about.at("/post_processing/threshold").doubleValue();
        try (Detector detector = load(model)) {
            for (Map.Entry<String, JsonNode> reference : about.get("reference").properties()) {
                Case test = Case.ofPicture(about, reference.getKey(), reference.getValue());
                List<Detection> found = detect(detector, test.picture(), threshold - 0.002f);
                assertSame(model + " on " + reference.getKey(), test.wanted(), found, threshold, test.area());
            }
        }
    }

    /** Exporters that are not told names number the outputs, and their order is that of who exported. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "torchvision_fasterrcnn",
                "torchvision_fcos",
                "detr_pixel_mask",
                "yolos",
                "deformable_detr",
                "d_fine",
                "rt_detr_deploy",
                "rf_detr"
            })
    void needsNeitherNamesNorOrder(String model) {
        JsonNode about = Golden.json("families/" + model + "/about.json");
        float threshold = (float) about.at("/post_processing/threshold").asDouble(0.25);
        Map.Entry<String, JsonNode> reference =
                about.get("reference").properties().iterator().next();
        Case test = Case.of(about, reference.getKey(), reference.getValue());
        try (Detector named = load(model, Disguised::new);
                Detector anonymous = load(model, Disguised::anonymous)) {
            assertThat(anonymous.family().name()).isEqualTo(named.family().name());
            assertThat(detect(anonymous, test.picture(), threshold))
                    .isEqualTo(detect(named, test.picture(), threshold))
                    .isNotEmpty();
        }
    }

    private static Detector load(String model) {
        return load(model, Disguised::new);
    }

    private static Detector load(String model, BiFunction<Network, NetworkSignature, Disguised> disguise) {
        Path file = FOLDER.resolve(model).resolve("model.onnx");
        return networks.onWorker(
                () -> networks.load(file, (network, signature) -> {
                    Disguised disguised =
                            disguise.apply(network, model.equals("generic_v5_nometa") ? sized(signature) : signature);
                    return new Detector(
                            disguised.network(),
                            DetectorFamilies.recognise(
                                    disguised.network(), disguised.signature().with(Golden.graph(file))));
                }),
                Cancellation.none());
    }

    /** Nothing in this file says how large its pictures were; everything else is to be found out. */
    private static NetworkSignature sized(NetworkSignature signature) {
        Map<String, String> metadata = new HashMap<>(signature.metadata());
        metadata.put("imgsz", "[256, 256]");
        return new NetworkSignature(signature.inputs(), signature.outputs(), metadata);
    }

    private static List<Detection> detect(Detector detector, RgbImage picture, float threshold) {
        DetectionOptions options = new DetectionOptions(
                threshold, detector.family().overlap().orElse(DetectionOptions.ANY_OVERLAP), ClassFilter.all(), 300);
        return networks.onWorker(
                () -> detector.detect(picture, options, Cancellation.none()).detections(), Cancellation.none());
    }

    private static void assertSame(String name, List<Wanted> wanted, List<Detection> found, float threshold, Box area) {
        List<Detection> left = new ArrayList<>(found);
        for (Wanted one : wanted) {
            Box clipped = clip(one.box(), area);
            if (one.score() < threshold || clipped.x2() - clipped.x1() < 1 || clipped.y2() - clipped.y1() < 1) {
                continue; // random weights also give boxes without an inside
            }
            Detection match = null;
            for (Detection other : left) {
                if (other.classId() == one.classId()
                        && clip(other.box(), area).iou(clipped) >= LEAST_IOU
                        && Math.abs(other.score() - one.score()) <= SCORE_TOLERANCE) {
                    match = other;
                }
            }
            assertThat(match).as("%s: %s among %s", name, one, left).isNotNull();
            left.remove(match);
        }
        assertThat(left)
                .as("%s: found besides", name)
                .allMatch(extra -> extra.score() < threshold + SCORE_TOLERANCE || hasNoInside(extra.box(), area));
    }

    private static boolean hasNoInside(Box box, Box area) {
        Box clipped = clip(box, area);
        return clipped.x2() - clipped.x1() < 1.5 || clipped.y2() - clipped.y1() < 1.5;
    }

    private static Box clip(Box box, Box area) {
        return new Box(
                Math.clamp(box.x1(), area.x1(), area.x2()),
                Math.clamp(box.y1(), area.y1(), area.y2()),
                Math.clamp(box.x2(), area.x1(), area.x2()),
                Math.clamp(box.y2(), area.y1(), area.y2()));
    }

    /** A network, and what is said of it. */
    private record Disguised(Network network, NetworkSignature signature) {
        /** The last output first, and numbers for names. */
        static Disguised anonymous(Network network, NetworkSignature signature) {
            List<Port> outputs = signature.outputs().reversed();
            Map<String, String> names = new HashMap<>();
            List<Port> numbered = new ArrayList<>();
            for (Port output : outputs) {
                String number = String.valueOf(2200 + numbered.size());
                names.put(number, output.name());
                numbered.add(new Port(number, output.type(), output.shape()));
            }
            return new Disguised(
                    new Renamed(network, names),
                    new NetworkSignature(signature.inputs(), numbered, signature.metadata()));
        }
    }

    private record Renamed(Network network, Map<String, String> names) implements Network {
        @Override
        public Map<String, FloatTensor> run(
                Map<String, FloatTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
            Map<String, FloatTensor> found =
                    network.run(inputs, outputs.stream().map(names::get).toList(), arena, cancellation);
            Map<String, FloatTensor> renamed = new HashMap<>();
            outputs.forEach(number -> renamed.put(number, found.get(names.get(number))));
            return renamed;
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private record Wanted(int classId, double score, Box box) {}

    /** A picture and what is to be found in it, both in pixels of that picture. */
    private record Case(RgbImage picture, List<Wanted> wanted, Box area) {
        static Case of(JsonNode about, String name, JsonNode reference) {
            JsonNode input = reference.get("input_as_uint8_rgb_png");
            return input == null
                    ? ofPicture(about, name, reference)
                    : of(about, read(FOLDER.resolve(input.stringValue())), reference);
        }

        static Case ofPicture(JsonNode about, String name, JsonNode reference) {
            return of(about, Golden.picture(name), reference);
        }

        private static Case of(JsonNode about, RgbImage picture, JsonNode reference) {
            String resize = about.at("/input_contract/resize").stringValue();
            int width = reference.get("width").intValue();
            int height = reference.get("height").intValue();
            Placement placement = resize.contains("letterbox")
                    ? Placement.topLeft(width, height, picture.width(), picture.height())
                    : Placement.stretched(width, height, picture.width(), picture.height());
            List<Wanted> wanted = new ArrayList<>();
            for (JsonNode detection : reference.get("detections")) {
                JsonNode box = detection.get("xyxy");
                wanted.add(new Wanted(
                        detection.get("class_id").intValue(),
                        detection.get("score").doubleValue(),
                        new Box(
                                box.get(0).doubleValue() * placement.scaleX(),
                                box.get(1).doubleValue() * placement.scaleY(),
                                box.get(2).doubleValue() * placement.scaleX(),
                                box.get(3).doubleValue() * placement.scaleY())));
            }
            return new Case(picture, wanted, new Box(0, 0, width * placement.scaleX(), height * placement.scaleY()));
        }

        private static RgbImage read(Path file) {
            try {
                return ImageDecoder.decode(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
