package io.tern.inference.service;

import io.tern.base.Cancellation;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.catalogue.ModelGate;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.network.OnnxRawGraph;
import io.tern.detection.network.RawGraph;
import io.tern.model.v1.Model;
import io.tern.serving.BroughtModel;
import io.tern.serving.LoadedModel;
import io.tern.serving.ServedModels;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens graphs of which nothing has to be known but what they take and give. */
record GraphFiles(OnnxNetworks networks) {
    private static final Logger log = LoggerFactory.getLogger(GraphFiles.class);

    /** @throws TernException INVALID_ARGUMENT if it is no graph that ONNX Runtime can load */
    LoadedModel<RawGraph> open(BroughtModel brought) {
        brought.requireNoDraft();
        TernException.require(
                brought.precision().isEmpty(),
                "precision",
                brought.precision(),
                "none: a graph that is served by its tensors computes as its file has it");
        try {
            Path file = brought.path().toRealPath();
            ModelGate.check(file);
            Model.Builder description = ServedModels.describe(brought, "detection", Sha256.of(file));
            OnnxRawGraph graph = networks.onWorker(() -> networks.loadGraph(file), Cancellation.none());
            log.info("model {} is served by its tensors on {}", brought.name(), networks.device());
            return new LoadedModel<>(
                    description
                            .addCapabilities(BroughtModel.TENSORS)
                            .setDevice(networks.device())
                            .build(),
                    graph,
                    graph::close);
        } catch (IOException e) {
            throw TernException.invalid("path", brought.path(), "an ONNX file that can be read");
        }
    }
}
