package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionDrawing;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.Golden;
import io.tern.detection.box.Box;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.tile.TileLayout;
import io.tern.detection.tile.TileMerge;
import io.tern.detection.tile.TiledDetection;
import io.tern.detection.tile.Tiling;
import io.tern.detection.track.ByteTracker;
import io.tern.detection.track.TrackSettings;
import io.tern.imaging.Resampling;
import io.tern.imaging.ResamplingFilter;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.codec.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Draws the picture of docs/detectors.md, when asked for by name: {@code mvn -pl detection-service -am test
 * -Dtest=DrawDetections -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class DrawDetections {
    private static final int WIDTH = 1200;
    private static final int GAP = 6;
    private static final DetectionOptions OPTIONS = new DetectionOptions(0.4f, 0.6, ClassFilter.all(), 100);

    @TempDir
    static Path cache;

    static OnnxNetworks networks;
    static Detector detector;

    @BeforeAll
    static void load() {
        networks = new OnnxNetworks(2, 1, 1, "cpu", cache);
        detector = DetectorFile.open(Golden.MODEL, networks);
    }

    @AfterAll
    static void close() {
        detector.close();
        networks.close();
    }

    @Test
    void drawsBoxesTilesTracksAndTwoStages() throws IOException {
        RgbImage sheet = below(List.of(boxes(), tiles(), tracks(), twoStages()));
        Files.write(
                Golden.root().resolve("docs/pictures/detections.jpg"),
                OutputFormat.named("format", "jpeg").encode(sheet));
    }

    private static RgbImage boxes() {
        List<RgbImage> row = new ArrayList<>();
        for (RgbImage picture : List.of(Golden.beside("grace_hopper", "astronaut"), Golden.picture("chelsea"))) {
            row.add(drawn(toHeight(picture, 420), detector));
        }
        return beside(row);
    }

    /** In the whole and in tiles of a picture in which all is small. */
    private static RgbImage tiles() {
        RgbImage sheet = contactSheet();
        List<Detection> whole = detect(detector, sheet);
        Tiling tiling = new Tiling(TileLayout.parse("4x3"), 0.3, TileMerge.NMM);
        List<Detection> tiled = networks.onWorker(
                () -> new TiledDetection(detector, tiling)
                        .detect(sheet, OPTIONS, Cancellation.none())
                        .detections(),
                Cancellation.none());
        return beside(List.of(small(sheet, whole), small(sheet, tiled)));
    }

    private static RgbImage contactSheet() {
        RgbImage sheet = ground(2400, 1600);
        List<String> names = List.of("chelsea", "astronaut", "grace_hopper");
        for (int i = 0; i < 12; i++) {
            RgbImage picture = toHeight(Golden.picture(names.get(i % 3)), 190);
            paste(picture, sheet, 180 + 580 * (i % 4) + 60 * (i / 4), 140 + 500 * (i / 4));
        }
        return sheet;
    }

    private static RgbImage small(RgbImage sheet, List<Detection> found) {
        double scale = 0.25;
        List<Detection> there = found.stream()
                .map(one -> one.in(new Box(
                        scale * one.box().x1(),
                        scale * one.box().y1(),
                        scale * one.box().x2(),
                        scale * one.box().y2())))
                .toList();
        return DetectionDrawing.draw(toHeight(sheet, sheet.height() / 4), there);
    }

    /** The cat and the admiral pass each other; each keeps its number. */
    private static RgbImage tracks() {
        TrackSettings settings = TrackSettings.around(OPTIONS.threshold());
        ByteTracker tracker = new ByteTracker(settings);
        RgbImage cat = toHeight(Golden.picture("chelsea"), 150);
        RgbImage admiral = toHeight(Golden.picture("grace_hopper"), 150);
        List<RgbImage> row = new ArrayList<>();
        for (int frame = 0; frame < 31; frame++) {
            RgbImage picture = ground(480, 320);
            paste(admiral, picture, 10 + 11 * frame, 165);
            paste(cat, picture, 250 - 8 * frame, 5);
            List<Detection> found = tracker.update(detectFrom(settings.lowThreshold(), picture));
            if (frame % 10 == 0) {
                row.add(DetectionDrawing.draw(picture, found));
            }
        }
        return beside(row);
    }

    private static RgbImage twoStages() {
        RgbImage scene = ImageDecoder.decode(Golden.scene("048"));
        List<RgbImage> row = new ArrayList<>();
        for (String model : List.of("frcnn_emoji_128", "rfcn_emoji_128", "deform_rfcn_emoji_128")) {
            try (Detector other =
                    DetectorFile.open(Golden.root().resolve("models/detection/" + model + ".onnx"), networks)) {
                row.add(drawn(toHeight(scene, 390), other));
            }
        }
        return beside(row);
    }

    private static RgbImage drawn(RgbImage picture, Detector by) {
        return DetectionDrawing.draw(picture, detect(by, picture));
    }

    private static List<Detection> detect(Detector by, RgbImage picture) {
        return networks.onWorker(
                () -> by.detect(picture, OPTIONS, Cancellation.none()).detections(), Cancellation.none());
    }

    private static List<Detection> detectFrom(float low, RgbImage picture) {
        return networks.onWorker(
                () -> detector.detect(picture, OPTIONS.withWeak(low), Cancellation.none())
                        .detections(),
                Cancellation.none());
    }

    private static RgbImage ground(int width, int height) {
        return grey(110, width, height);
    }

    private static RgbImage white(int width, int height) {
        return grey(255, width, height);
    }

    private static RgbImage grey(int value, int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) value);
        return new RgbImage(width, height, rgb);
    }

    private static RgbImage toHeight(RgbImage picture, int height) {
        int width = Math.round((float) picture.width() * height / picture.height());
        return Resampling.resize(picture, width, height, ResamplingFilter.LANCZOS);
    }

    private static void paste(RgbImage picture, RgbImage onto, int left, int top) {
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(
                    picture.rgb(),
                    3 * y * picture.width(),
                    onto.rgb(),
                    3 * ((top + y) * onto.width() + left),
                    3 * picture.width());
        }
    }

    /** A row as wide as the sheet. */
    private static RgbImage beside(List<RgbImage> pictures) {
        int width = pictures.stream().mapToInt(RgbImage::width).sum() + GAP * (pictures.size() - 1);
        RgbImage row = white(width, pictures.getFirst().height());
        int left = 0;
        for (RgbImage picture : pictures) {
            paste(picture, row, left, 0);
            left += picture.width() + GAP;
        }
        return Resampling.resize(row, WIDTH, row.height() * WIDTH / width, ResamplingFilter.LANCZOS);
    }

    private static RgbImage below(List<RgbImage> rows) {
        RgbImage sheet = white(WIDTH, rows.stream().mapToInt(RgbImage::height).sum() + GAP * (rows.size() - 1));
        int top = 0;
        for (RgbImage row : rows) {
            paste(row, sheet, 0, top);
            top += row.height() + GAP;
        }
        return sheet;
    }
}
