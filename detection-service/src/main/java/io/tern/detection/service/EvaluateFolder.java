package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelStore;
import io.tern.detection.ClassFilter;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.eval.AveragePrecision;
import io.tern.detection.eval.CocoFolder;
import io.tern.detection.eval.CocoFolder.LabelledPicture;
import io.tern.detection.eval.CocoScores;
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code ./tern eval}: how good a detector is on labelled pictures. Runs it in this process; no server is asked. */
public final class EvaluateFolder {
    /** Nearly all that a detector has to say takes part in the curve. */
    private static final float THRESHOLD = 0.05f;

    private static final int MOST_DETECTIONS = 100;
    private static final int TELL_EVERY = 50;

    private EvaluateFolder() {}

    /** @param arguments folder, model (an id of the catalogue, an ONNX file, or empty), catalogue, models folder, cache folder */
    public static void main(String[] arguments) {
        try {
            Path folder = Path.of(arguments[0]);
            ModelStore store = new ModelStore(Path.of(arguments[2]), Path.of(arguments[3]));
            int threads = Runtime.getRuntime().availableProcessors();
            CocoScores scores = scores(folder, model(arguments[1], store), threads, Path.of(arguments[4]), System.err);
            System.out.print(scores.table());
        } catch (TernException e) {
            System.err.println("tern: " + e.getMessage());
            System.exit(1);
        }
    }

    static CocoScores scores(Path folder, Path model, int threads, Path cache, PrintStream progress) {
        try (OnnxNetworks networks = new OnnxNetworks(threads, 1, 1, "auto", cache);
                Detector detector = DetectorFile.open(model, networks)) {
            CocoFolder labelled =
                    CocoFolder.read(folder).inClassesOf(detector.family().labels());
            DetectionOptions options = new DetectionOptions(
                    THRESHOLD,
                    detector.family().overlap().orElse(DetectionOptions.ANY_OVERLAP),
                    ClassFilter.all(),
                    MOST_DETECTIONS);
            AveragePrecision precision = new AveragePrecision();
            List<LabelledPicture> pictures = labelled.pictures();
            for (int i = 0; i < pictures.size(); i++) {
                LabelledPicture picture = pictures.get(i);
                RgbImage image = decode(picture.file());
                precision.add(
                        picture.truths(),
                        networks.onWorker(
                                () -> detector.detect(image, options, Cancellation.none())
                                        .detections(),
                                Cancellation.none()));
                if ((i + 1) % TELL_EVERY == 0 || i + 1 == pictures.size()) {
                    progress.println((i + 1) + " of " + pictures.size() + " pictures");
                }
            }
            return precision.scores();
        }
    }

    /** An id of the catalogue or a file; empty: the default detector. */
    private static Path model(String name, ModelStore store) {
        for (ModelEntry entry : store.entries("detection")) {
            boolean meant = name.isEmpty() ? entry.isDefault() : entry.id().equals(name);
            if (meant && entry.capabilities().contains("detection")) {
                return store.verified(entry, entry.files().getFirst());
            }
        }
        Path file = Path.of(name);
        TernException.require(Files.isRegularFile(file), "model", name, "an id of ./tern models or an ONNX file");
        return file;
    }

    private static RgbImage decode(Path file) {
        try {
            return ImageDecoder.decode(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
