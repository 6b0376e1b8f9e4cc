package io.tern.embedding.service;

import io.tern.base.Cancellation;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.ModelStore;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.OnnxTokenNetwork;
import io.tern.embedding.SentenceEncoder;
import io.tern.serving.ServedModels;
import io.tern.text.encoder.WordPieceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The text encoders of this process. Loaded at start; safe for many threads afterwards. */
public final class SentenceModels implements AutoCloseable {
    private static final String CAPABILITY = "embedding";
    /** What all-MiniLM-L6-v2 was made for. */
    private static final int MOST_TOKENS = 256;

    /** As far as its network can count. */
    public static final int POSITIONS = 512;

    private static final int WIDTH = 384;
    private static final Logger log = LoggerFactory.getLogger(SentenceModels.class);

    private final ServedModels served;
    private final Map<String, SentenceEncoder> encoders = new HashMap<>();

    private SentenceModels(ServedModels served) {
        this.served = served;
    }

    static SentenceModels load(ModelStore store, OnnxNetworks networks, ServedModels served) {
        SentenceModels models = new SentenceModels(served);
        ServedModels.toLoad(store, "detection", CAPABILITY).forEach(entry -> models.load(entry, store, networks));
        return models;
    }

    /** @param entry weights first, tokenizer.json second */
    private void load(ModelEntry entry, ModelStore store, OnnxNetworks networks) {
        Path weights = store.verified(entry, entry.files().get(0));
        ModelGate.check(weights);
        SentenceEncoder encoder = new SentenceEncoder(
                tokenizer(store.verified(entry, entry.files().get(1))),
                OnnxTokenNetwork.load(networks, weights),
                MOST_TOKENS,
                WIDTH);
        boolean bitExact = networks.onWorker(encoder::repeatsItself, Cancellation.none());
        encoders.put(entry.id(), encoder);
        served.add(ServedModels.describe(entry)
                .setDevice(networks.device())
                .setPrecision("int8")
                .setBitExact(bitExact)
                .setContextLength(encoder.mostTokens())
                .build());
        log.info("model {} is a text encoder on {}", entry.id(), networks.device());
    }

    private static WordPieceTokenizer tokenizer(Path file) {
        try {
            return WordPieceTokenizer.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When no request uses them. */
    @Override
    public void close() {
        encoders.values().forEach(SentenceEncoder::close);
    }

    /** @throws io.tern.base.TernException MODEL_NOT_FOUND */
    String resolve(String id) {
        return served.resolve(id, CAPABILITY);
    }

    /** @param id of one of them */
    public SentenceEncoder named(String id) {
        return Objects.requireNonNull(encoders.get(id), id);
    }
}
