package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelStore;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.network.Batching;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.track.TrackSettings;
import io.tern.detection.v1.DetectRequest;
import io.tern.embedding.service.ImageModels;
import io.tern.model.v1.Model;
import io.tern.serving.BroughtModel;
import io.tern.serving.Lease;
import io.tern.serving.LoadedModel;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The detectors of this process, as requests want them. Safe for many threads. */
record DetectionModels(LoadedModels<Detector> models, ImageModels encoders) {
    static final String SERVICE = "detection";
    private static final String CAPABILITY = "detection";
    /** What they compute in; weights may be stored smaller and are widened at load. */
    private static final String PRECISION = "fp32";

    private static final Logger log = LoggerFactory.getLogger(DetectionModels.class);

    /** Loads what the catalogue has for this service; models that are not fetched are left out, but not the default. */
    static LoadedModels<Detector> load(ModelStore store, Batching batching, ServedModels served) {
        LoadedModels<Detector> models = new LoadedModels<>(served, brought -> open(brought, batching));
        for (ModelEntry entry : ServedModels.toLoad(store, SERVICE, CAPABILITY)) {
            Path file = store.verified(entry, entry.files().getFirst());
            models.add(open(file, ServedModels.describe(entry), batching));
        }
        return models;
    }

    private static LoadedModel<Detector> open(BroughtModel brought, Batching batching) {
        brought.requireItsOwnKind();
        brought.requirePrecision(PRECISION);
        brought.requireNoDraft();
        try {
            Path file = brought.path().toRealPath();
            Model.Builder description = ServedModels.describe(brought, SERVICE, Sha256.of(file));
            return open(file, description.addCapabilities(CAPABILITY), batching);
        } catch (IOException e) {
            throw TernException.invalid("path", brought.path(), "an ONNX file that can be read");
        }
    }

    private static LoadedModel<Detector> open(Path file, Model.Builder description, Batching batching) {
        OnnxNetworks networks = batching.networks();
        Detector detector = DetectorFile.open(
                file,
                networks,
                (network, family) -> batching.of(
                        network,
                        family.name(),
                        family.rowsArePictures(),
                        (picture, arena) -> family.prepare(picture, arena, Cancellation.none())
                                .inputs(),
                        family.outputs()));
        try {
            boolean bitExact = networks.onWorker(detector::repeatsItself, Cancellation.none());
            description
                    .setDevice(networks.device())
                    .setPrecision(PRECISION)
                    .setBitExact(bitExact)
                    .addAllClasses(detector.family().labels());
        } catch (RuntimeException e) {
            detector.close();
            throw e;
        }
        log.info(
                "model {} is a {} on {}", description.getId(), detector.family().name(), networks.device());
        return new LoadedModel<>(description.build(), detector, detector::close);
    }

    /**
     * The request with its model and all that can be said without looking at a picture.
     *
     * @throws TernException MODEL_NOT_FOUND or INVALID_ARGUMENT
     */
    ResolvedRequest resolve(DetectRequest request) {
        return resolve(request, () -> DetectionProtos.files(request));
    }

    /** The same of a request for a folder, with no pictures yet. */
    ResolvedRequest resolveFolder(DetectRequest request) {
        return resolve(request, List::of);
    }

    private ResolvedRequest resolve(DetectRequest request, Supplier<List<PictureFile>> files) {
        TernException.require(
                !request.hasStream(), "stream", "set", "only of films: DetectStream, and jobs over frames or a folder");
        return leased(request, lease -> {
            DetectorFamily family = lease.model().family();
            PictureWork work =
                    DetectionProtos.work(request, lease.model(), DetectionProtos.options(request, family), encoders);
            return new ResolvedRequest(lease, work, files.get());
        });
    }

    /**
     * The settings of a stream, of its first frame.
     *
     * @throws TernException MODEL_NOT_FOUND or INVALID_ARGUMENT
     */
    ResolvedStream resolveStream(DetectRequest first) {
        return leased(first, lease -> {
            DetectionOptions options =
                    DetectionProtos.options(first, lease.model().family());
            TrackSettings tracking = DetectionProtos.tracking(first.getStream(), options.threshold());
            // Boxes between the two thresholds can go on with a track.
            PictureWork work =
                    DetectionProtos.work(first, lease.model(), options.withWeak(tracking.lowThreshold()), encoders);
            return new ResolvedStream(lease, work, tracking);
        });
    }

    private <T> T leased(DetectRequest request, Function<Lease<Detector>, T> use) {
        Lease<Detector> lease = models.lease(request.getModel());
        try {
            return use.apply(lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }
}
