package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.ModelStore;
import io.tern.detection.Detector;
import io.tern.detection.family.DetectorFamilies;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectRequest;
import io.tern.model.v1.Model;
import io.tern.serving.ServedModels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The detectors of this process. Loaded at start; safe for many threads afterwards. */
final class DetectionModels {
    private static final String SERVICE = "detection";
    private static final Logger log = LoggerFactory.getLogger(DetectionModels.class);

    private final ServedModels served;
    private final Map<String, Detector> detectors = new HashMap<>();

    private DetectionModels(ServedModels served) {
        this.served = served;
    }

    /** Loads what the catalogue has for this service; models that are not fetched are left out, but not the default. */
    static DetectionModels load(ModelStore store, OnnxNetworks networks, ServedModels served) {
        DetectionModels models = new DetectionModels(served);
        ServedModels.toLoad(store, SERVICE).forEach(entry -> models.load(entry, store, networks));
        return models;
    }

    private void load(ModelEntry entry, ModelStore store, OnnxNetworks networks) {
        Path file = store.verified(entry, entry.files().getFirst());
        ModelGate.check(file);
        Detector detector = networks.load(
                file, (network, signature) -> new Detector(network, DetectorFamilies.recognise(signature)));
        boolean bitExact = networks.onWorker(detector::repeatsItself, Cancellation.none());
        detectors.put(entry.id(), detector);
        served.add(description(entry, detector, networks.device(), bitExact));
        log.info("model {} is a {} on {}", entry.id(), detector.family().name(), networks.device());
    }

    private static Model description(ModelEntry entry, Detector detector, String device, boolean bitExact) {
        return ServedModels.describe(entry)
                .setDevice(device)
                // What it computes in; weights may be stored smaller and are widened at load.
                .setPrecision("fp32")
                .setBitExact(bitExact)
                .addAllClasses(detector.family().labels())
                .build();
    }

    /**
     * The request with its model and all that can be said without looking at a picture.
     *
     * @throws io.tern.base.TernException MODEL_NOT_FOUND or INVALID_ARGUMENT
     */
    ResolvedRequest resolve(DetectRequest request) {
        String id = served.resolve(request.getModel());
        Detector detector = detectors.get(id);
        if (detector == null) {
            throw new IllegalStateException("model: " + id + " (expected: one of " + detectors.keySet() + ")");
        }
        return new ResolvedRequest(
                id,
                detector,
                DetectionProtos.options(request, detector.family()),
                DetectionProtos.files(request),
                request.getAnnotate());
    }
}
