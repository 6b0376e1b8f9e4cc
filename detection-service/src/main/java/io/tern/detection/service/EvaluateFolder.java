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
import io.tern.detection.network.OnnxNetworks;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.serving.BroughtModels;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code ./tern eval}: how good a detector is on labelled pictures. Runs it in this process; no server is asked. */
public final class EvaluateFolder {
    private static final int MOST_DETECTIONS = 100;
    private static final int TELL_EVERY = 50;

    private EvaluateFolder() {}

    /**
     * @param arguments folder, labels (a file, or empty), model (an id of the catalogue, the name of one that was brought, an
     *     ONNX file, or empty), threshold, {@code table}, {@code classes} or {@code json}, catalogue, models folder, data
     *     folder, cache folder
     */
    public static void main(String[] arguments) {
        try {
            Path folder = Path.of(arguments[0]);
            CocoFolder labelled =
                    arguments[1].isEmpty() ? CocoFolder.read(folder) : CocoFolder.read(folder, Path.of(arguments[1]));
            ModelStore store = new ModelStore(Path.of(arguments[5]), Path.of(arguments[6]));
            Path model = model(arguments[2], store, Path.of(arguments[7]));
            Evaluation evaluation = of(labelled, model, threshold(arguments[3]), Path.of(arguments[8]), System.err);
            System.out.print(
                    switch (arguments[4]) {
                        case "json" -> evaluation.json();
                        case "classes" -> evaluation.table() + evaluation.classTable();
                        default -> evaluation.table();
                    });
        } catch (TernException e) {
            System.err.println("tern: " + e.getMessage());
            System.exit(1);
        }
    }

    /** @param threshold detections below it take no part */
    static Evaluation of(CocoFolder labelled, Path model, float threshold, Path cache, PrintStream progress) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (OnnxNetworks networks = new OnnxNetworks(threads, 1, 1, "auto", cache);
                Detector detector = DetectorFile.open(model, networks)) {
            List<String> labels = detector.family().labels();
            List<LabelledPicture> pictures = labelled.inClassesOf(labels).pictures();
            List<String> unknown = labelled.unknownTo(labels);
            if (!unknown.isEmpty()) {
                progress.println("left out, since the model has no such classes: " + String.join(", ", unknown));
            }
            DetectionOptions options = new DetectionOptions(
                    threshold,
                    detector.family().overlap().orElse(DetectionOptions.ANY_OVERLAP),
                    ClassFilter.all(),
                    MOST_DETECTIONS);
            AveragePrecision precision = new AveragePrecision();
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
            return new Evaluation(precision.scores(), labels);
        }
    }

    private static float threshold(String text) {
        try {
            float threshold = Float.parseFloat(text);
            TernException.require(threshold >= 0 && threshold <= 1, "threshold", text, "0..1");
            return threshold;
        } catch (NumberFormatException e) {
            throw TernException.invalid("threshold", text, "0..1");
        }
    }

    /** Empty: the default detector. */
    private static Path model(String name, ModelStore store, Path data) {
        for (ModelEntry entry : store.entries(DetectionModels.SERVICE)) {
            boolean meant = name.isEmpty() ? entry.isDefault() : entry.id().equals(name);
            if (meant && entry.capabilities().contains("detection")) {
                return store.verified(entry, entry.files().getFirst());
            }
        }
        Path file = BroughtModels.of(data, DetectionModels.SERVICE).path(name).orElseGet(() -> Path.of(name));
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
