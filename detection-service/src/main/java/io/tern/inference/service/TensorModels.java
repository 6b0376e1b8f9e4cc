package io.tern.inference.service;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.Detector;
import io.tern.detection.network.RawGraph;
import io.tern.embedding.SentenceEncoder;
import io.tern.embedding.service.ImageModels;
import io.tern.embedding.service.SentenceModels;
import io.tern.model.v1.Model;
import io.tern.serving.BroughtModel;
import io.tern.serving.Lease;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import java.util.List;

/** The models of this process by the tensors of their graphs: all that it serves. Safe for many threads. */
record TensorModels(
        ServedModels served,
        LoadedModels<Detector> detectors,
        LoadedModels<RawGraph> graphs,
        SentenceModels sentences,
        ImageModels encoders) {
    /** The one that each model has. */
    static final String VERSION = "1";

    /** Of the catalogue. */
    private static final TensorModel.Lease STAYS = () -> {};

    /** Tokens of a call: their hidden states are 13 MB, and the scores of attention at most 200. */
    private static final long MOST_TOKENS = 8192;

    /**
     * The model that is meant, for one request.
     *
     * @param field of the request in which the name stands
     * @param version empty: the one that there is
     * @throws TernException MODEL_NOT_FOUND, INVALID_ARGUMENT without a name
     */
    TensorModel lease(String field, String name, String version) {
        TernException.require(!name.isEmpty(), field, "empty", "a model's id");
        Model model = served.named(field, name);
        requireVersion(field.replace("name", "version"), version);
        if (model.getCapabilitiesList().contains("embedding")) {
            SentenceEncoder encoder = sentences.named(name);
            TokenBounds bounds = new TokenBounds(encoder.vocabularySize(), SentenceModels.POSITIONS);
            return new TensorModel(name, encoder.graph().orElseThrow(), MOST_TOKENS, bounds::check, STAYS);
        }
        if (model.getCapabilitiesList().contains("image-embedding")) {
            return TensorModel.of(name, encoders.named(name).graph().orElseThrow(), STAYS);
        }
        if (model.getCapabilitiesList().contains(BroughtModel.TENSORS)) {
            Lease<RawGraph> lease = graphs.lease(name);
            return TensorModel.of(name, lease.model(), lease::close);
        }
        Lease<Detector> lease = detectors.lease(name);
        return TensorModel.of(name, lease.model().graph().orElseThrow(), lease::close);
    }

    /** Of all that are served now. */
    List<String> names() {
        return served.all().getModelsList().stream().map(Model::getId).toList();
    }

    private static void requireVersion(String field, String version) {
        if (!version.isEmpty() && !version.equals(VERSION)) {
            throw new TernException(
                    ErrorCode.MODEL_NOT_FOUND, field + ": " + version + " (expected: " + VERSION + ")", field, null);
        }
    }
}
