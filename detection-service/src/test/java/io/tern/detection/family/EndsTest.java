package io.tern.detection.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Detectors that take and give halves, bytes and integers; each scores its one box by the brightness of one colour. */
class EndsTest {
    private static final RgbImage PICTURE = plain(200, 200, 204, 102, 51);

    @Test
    void halvesAreWidened() {
        Detection found = only("half", PICTURE);
        assertThat(found.classId()).isEqualTo(1);
        assertThat(found.score()).isCloseTo(204 / 255f, within(1e-3f));
        assertThat(found.box()).isEqualTo(new Box(75, 75, 125, 125));
    }

    @Test
    void bytesGoInAsTheyAre() {
        Detection found = only("tensorflow", plain(300, 100, 204, 102, 51));
        assertThat(found.className()).isEqualTo("class 3");
        assertThat(found.score()).isCloseTo(102 / 255f, within(1e-5f));
        assertThat(found.box()).isEqualTo(new Box(75, 50, 225, 100));
    }

    /** Its picture of 200 pixels is made one of 800, so its 80 pixels are 20. */
    @Test
    void blueIsFirstWhereTheGraphsMeanSaysSo() {
        Detection found = only("detectron", PICTURE);
        assertThat(found.classId()).isEqualTo(2);
        assertThat(found.score()).isCloseTo(51 / 255f, within(1e-3f)); // a mean of 640000 floats
        assertThat(found.box()).isEqualTo(new Box(0, 0, 20, 20));
    }

    private static Detection only(String model, RgbImage picture) {
        Path file = Golden.folder().resolve("ends/" + model + ".onnx");
        Graph inside = Golden.graph(file);
        Path cache = Path.of(System.getProperty("java.io.tmpdir"), "tern-native");
        try (OnnxNetworks networks = new OnnxNetworks(2, 2, 100, "cpu", cache);
                Detector detector = networks.load(
                        file,
                        (network, signature) ->
                                new Detector(network, DetectorFamilies.recognise(network, signature.with(inside))))) {
            DetectionOptions options = new DetectionOptions(0.1f, 0.5, ClassFilter.all(), 10);
            List<Detection> found =
                    detector.detect(picture, options, Cancellation.none()).detections();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    private static RgbImage plain(int width, int height, int red, int green, int blue) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) red;
            rgb[i + 1] = (byte) green;
            rgb[i + 2] = (byte) blue;
        }
        return new RgbImage(width, height, rgb);
    }
}
