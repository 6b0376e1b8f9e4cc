package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.Cancellation;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.network.NetworkSignature;
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The trained R-FCN twice: with pooling and vote in its graph, and cut off behind its maps. */
class RFcnTest {
    private static final Path WHOLE = Golden.root().resolve("models/detection/rfcn_emoji_128.onnx");
    private static final Path MAPS = Golden.folder().resolve("rfcn_maps.onnx");
    private static final DetectionOptions OPTIONS = new DetectionOptions(0.05f, 0.45, ClassFilter.all(), 20);

    private static OnnxNetworks networks;

    @BeforeAll
    static void open() {
        networks = new OnnxNetworks(2, 2, 100, "cpu", Path.of(System.getProperty("java.io.tmpdir"), "tern-native"));
    }

    @AfterAll
    static void close() {
        networks.close();
    }

    @Test
    void votesAsTheGraphThatVotesItself() {
        try (Detector whole = load(WHOLE, Map.of());
                Detector maps = load(MAPS, Map.of())) {
            assertThat(whole.family()).isInstanceOf(RegionScores.class);
            assertThat(maps.family()).isInstanceOf(RFcn.class);
            for (String scene : List.of("000", "018", "036")) {
                List<Detection> expected = detect(whole, scene);
                List<Detection> found = detect(maps, scene);
                assertThat(found).hasSameSizeAs(expected).isNotEmpty();
                for (int i = 0; i < found.size(); i++) {
                    assertThat(found.get(i).className())
                            .isEqualTo(expected.get(i).className());
                    assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-4f));
                    assertThat(found.get(i).box().iou(expected.get(i).box())).isGreaterThan(0.999);
                }
            }
        }
    }

    /** The other pooling is another operator, which this model was not trained with. */
    @Test
    void poolsAsTheMetadataSay() {
        try (Detector aligned = load(MAPS, Map.of());
                Detector pooled = load(MAPS, Map.of("pooling", "ps_roi_pool"))) {
            assertThat(detect(pooled, "000")).isNotEqualTo(detect(aligned, "000"));
        }
    }

    private static Detector load(Path file, Map<String, String> more) {
        return networks.load(file, (network, signature) -> {
            Map<String, String> metadata = new HashMap<>(signature.metadata());
            metadata.putAll(more);
            NetworkSignature told = new NetworkSignature(signature.inputs(), signature.outputs(), metadata);
            return new Detector(network, DetectorFamilies.recognise(network, told.with(Golden.graph(file))));
        });
    }

    private static List<Detection> detect(Detector detector, String scene) {
        RgbImage picture = ImageDecoder.decode(Golden.scene(scene));
        return networks.onWorker(
                () -> detector.detect(picture, OPTIONS, Cancellation.none()).detections(), Cancellation.none());
    }
}
