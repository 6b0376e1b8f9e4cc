package io.tern.inference.service;

import io.tern.detection.Detector;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.network.RawGraph;
import io.tern.embedding.service.ImageModels;
import io.tern.embedding.service.SentenceModels;
import io.tern.serving.Admission;
import io.tern.serving.LoadedModels;
import io.tern.serving.ModelLoading;
import io.tern.serving.ServedModels;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Raw tensors share models, workers and queue with whoever imports this. */
@Configuration(proxyBeanMethods = false)
public class InferenceConfiguration {
    /** Of those that are served by nothing but their tensors. */
    @Bean(destroyMethod = "close")
    LoadedModels<RawGraph> graphs(OnnxNetworks networks, ServedModels served) {
        return new LoadedModels<>(served, new GraphFiles(networks)::open);
    }

    /** In the place of those two, which load one kind each. */
    @Bean
    @Primary
    ModelLoading onnxLoading(LoadedModels<Detector> detectors, LoadedModels<RawGraph> graphs) {
        return new OnnxLoading(detectors, graphs);
    }

    @Bean
    InferenceGrpcService inferenceGrpcService(
            ServedModels served,
            LoadedModels<Detector> detectors,
            LoadedModels<RawGraph> graphs,
            SentenceModels sentences,
            ImageModels encoders,
            OnnxNetworks networks,
            Admission admission) {
        TensorModels models = new TensorModels(served, detectors, graphs, sentences, encoders);
        return new InferenceGrpcService(new TensorRequests(models, networks, admission, new Activities()));
    }
}
