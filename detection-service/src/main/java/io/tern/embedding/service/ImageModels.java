package io.tern.embedding.service;

import io.tern.base.Cancellation;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.ModelStore;
import io.tern.detection.network.Batching;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.ImageEncoder;
import io.tern.embedding.PictureContract;
import io.tern.serving.ServedModels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The encoders of pictures of this process. Loaded at start; safe for many threads afterwards. */
public final class ImageModels implements AutoCloseable {
    private static final String CAPABILITY = "image-embedding";
    private static final Logger log = LoggerFactory.getLogger(ImageModels.class);

    private final ServedModels served;
    private final Map<String, ImageEncoder> encoders;

    /**
     * @param served knows them by their capability
     * @param encoders by id; closed with this
     */
    public ImageModels(ServedModels served, Map<String, ImageEncoder> encoders) {
        this.served = served;
        this.encoders = Map.copyOf(encoders);
    }

    static ImageModels load(ModelStore store, Batching batching, ServedModels served) {
        Map<String, ImageEncoder> encoders = new HashMap<>();
        for (ModelEntry entry : ServedModels.toLoad(store, "detection", CAPABILITY)) {
            encoders.put(entry.id(), load(entry, store, batching, served));
        }
        return new ImageModels(served, encoders);
    }

    private static ImageEncoder load(ModelEntry entry, ModelStore store, Batching batching, ServedModels served) {
        Path weights = store.verified(entry, entry.files().getFirst());
        ModelGate.check(weights);
        OnnxNetworks networks = batching.networks();
        ImageEncoder encoder = networks.onWorker(() -> open(weights, entry.id(), batching), Cancellation.none());
        boolean bitExact = networks.onWorker(encoder::repeatsItself, Cancellation.none());
        served.add(ServedModels.describe(entry)
                .setDevice(networks.device())
                .setPrecision("fp32")
                .setBitExact(bitExact)
                .build());
        log.info("model {} is an encoder of pictures on {}", entry.id(), networks.device());
        return encoder;
    }

    private static ImageEncoder open(Path weights, String name, Batching batching) {
        return batching.networks().load(weights, (network, signature) -> {
            PictureContract contract = PictureContract.of(signature);
            return new ImageEncoder(
                    batching.of(
                            network,
                            name,
                            true,
                            (picture, arena) -> contract.prepare(picture, arena, Cancellation.none()),
                            List.of(contract.output())),
                    contract);
        });
    }

    /** When no request uses them. */
    @Override
    public void close() {
        encoders.values().forEach(ImageEncoder::close);
    }

    /**
     * @param field of the request in which the id stands
     * @throws io.tern.base.TernException MODEL_NOT_FOUND
     */
    public String resolve(String field, String id) {
        return served.resolve(field, id, CAPABILITY);
    }

    /** @param id of one of them */
    public ImageEncoder named(String id) {
        return Objects.requireNonNull(encoders.get(id), id);
    }
}
