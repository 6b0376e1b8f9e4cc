package io.tern.inference.service;

import io.tern.detection.Detector;
import io.tern.detection.network.RawGraph;
import io.tern.model.v1.Model;
import io.tern.serving.BroughtModel;
import io.tern.serving.LoadedModels;
import io.tern.serving.ModelLoading;

/** Takes up ONNX files as what whoever brings them wants: detectors, or any graph by its tensors. */
record OnnxLoading(LoadedModels<Detector> detectors, LoadedModels<RawGraph> graphs) implements ModelLoading {
    @Override
    public Model load(BroughtModel brought, boolean replace) {
        return (brought.servedAs().equals(BroughtModel.TENSORS) ? graphs : detectors).load(brought, replace);
    }

    @Override
    public boolean serves(Model model) {
        return graphs.serves(model) || detectors.serves(model);
    }

    @Override
    public void unload(String name) {
        (graphs.has(name) ? graphs : detectors).unload(name);
    }
}
