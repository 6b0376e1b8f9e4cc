package io.tern.detection.tile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.PictureResult;
import io.tern.detection.box.Box;
import io.tern.detection.family.DetectorFamilies;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.network.BatchLimits;
import io.tern.detection.network.BatchingNetwork;
import io.tern.detection.network.Network;
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.RgbImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the shipped detector and a picture in which a cat is small. */
class TiledDetectionTest {
    private static final DetectionOptions OPTIONS = new DetectionOptions(0.3f, 0.6, ClassFilter.all(), 100);
    private static final int WIDTH = 2000;
    private static final int HEIGHT = 1400;
    private static final int CAT_X = 1300;
    private static final int CAT_Y = 800;

    @TempDir
    static Path cache;

    static OnnxNetworks networks;
    static Detector detector;
    static RgbImage wide;

    @BeforeAll
    static void load() {
        networks = new OnnxNetworks(2, 1, 1, "cpu", cache);
        detector = networks.load(
                Golden.MODEL,
                (network, signature) -> new Detector(network, DetectorFamilies.recognise(network, signature)));
        RgbImage cat = Golden.picture("chelsea");
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        java.util.Arrays.fill(rgb, (byte) 90);
        // Every third pixel of the cat.
        for (int y = 0; y < cat.height() / 3; y++) {
            for (int x = 0; x < cat.width() / 3; x++) {
                System.arraycopy(
                        cat.rgb(), 3 * (3 * y * cat.width() + 3 * x), rgb, 3 * ((CAT_Y + y) * WIDTH + CAT_X + x), 3);
            }
        }
        wide = new RgbImage(WIDTH, HEIGHT, rgb);
    }

    @AfterAll
    static void close() {
        detector.close();
        networks.close();
    }

    @Test
    void findsWhatIsTooSmallInTheWholeOnceAndInItsPlace() {
        assertThat(cats(run(() -> detector.detect(wide, OPTIONS, Cancellation.none()))))
                .isEmpty();
        List<Detection> cats = cats(tiled("5x4", TileMerge.NMM));
        assertThat(cats).hasSize(1);
        Box place = new Box(CAT_X, CAT_Y, CAT_X + 150, CAT_Y + 100);
        assertThat(cats.getFirst().box().iou(place)).isGreaterThan(0.5);
    }

    /** Tiles cut the cat in four, each of which is a cat to the detector: joined with the whole they are one. */
    @Test
    void tellsAnObjectThatTilesCutOnce() {
        RgbImage cat = Golden.picture("chelsea");
        Tiling joined = new Tiling(TileLayout.parse("2x2"), 0.1, TileMerge.NMM);
        List<Detection> one =
                cats(run(() -> new TiledDetection(detector, joined).detect(cat, OPTIONS, Cancellation.none())));
        assertThat(one).hasSize(1);
        assertThat(one.getFirst().box().area()).isGreaterThan(0.8 * cat.width() * cat.height());
        Tiling best = new Tiling(TileLayout.parse("2x2"), 0.1, TileMerge.NMS);
        assertThat(cats(run(() -> new TiledDetection(detector, best).detect(cat, OPTIONS, Cancellation.none()))))
                .as("what joining is for")
                .hasSizeGreaterThan(1);
    }

    /** The whole and 2 x 2 tiles are five pictures: two runs of at most three. */
    @Test
    void tilesShareRunsAndHaveTheBitsThatTheyHaveAlone() {
        Tiling tiling = new Tiling(TileLayout.parse("2x2"), 0.1, TileMerge.NMM);
        RgbImage cat = Golden.picture("chelsea");
        List<Long> rows = new ArrayList<>();
        List<Detection> alone = run(() ->
                        new TiledDetection(detector, tiling).detect(cat, OPTIONS, Cancellation.none()))
                .detections();
        List<Detection> together = networks.load(Golden.MODEL, (network, signature) -> {
            Network counting = (inputs, outputs, arena, cancellation) -> {
                rows.add(inputs.values().iterator().next().shape().dimension(0));
                return network.run(inputs, outputs, arena, cancellation);
            };
            DetectorFamily family = DetectorFamilies.recognise(network, signature);
            Network batching = new BatchingNetwork(counting, new BatchLimits(3, Duration.ofMinutes(1), 1));
            try (network) {
                return run(() -> new TiledDetection(new Detector(batching, family), tiling)
                                .detect(cat, OPTIONS, Cancellation.none()))
                        .detections();
            }
        });
        assertThat(together).isEqualTo(alone);
        assertThat(rows).containsExactly(3L, 2L);
    }

    private static PictureResult tiled(String layout, TileMerge merge) {
        Tiling tiling = new Tiling(TileLayout.parse(layout), 0.2, merge);
        return run(() -> new TiledDetection(detector, tiling).detect(wide, OPTIONS, Cancellation.none()));
    }

    private static PictureResult run(java.util.function.Supplier<PictureResult> work) {
        return networks.onWorker(work, Cancellation.none());
    }

    private static List<Detection> cats(PictureResult result) {
        return result.detections().stream()
                .filter(detection -> detection.className().equals("cat"))
                .toList();
    }
}
