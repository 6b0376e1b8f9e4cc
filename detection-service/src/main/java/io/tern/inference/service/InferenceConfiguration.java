package io.tern.inference.service;

import io.tern.detection.Detector;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.service.ImageModels;
import io.tern.embedding.service.SentenceModels;
import io.tern.serving.Admission;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Raw tensors share models, workers and queue with whoever imports this. */
@Configuration(proxyBeanMethods = false)
public class InferenceConfiguration {
    @Bean
    InferenceGrpcService inferenceGrpcService(
            ServedModels served,
            LoadedModels<Detector> detectors,
            SentenceModels sentences,
            ImageModels encoders,
            OnnxNetworks networks,
            Admission admission) {
        TensorModels models = new TensorModels(served, detectors, sentences, encoders);
        return new InferenceGrpcService(new TensorRequests(models, networks, admission, new Activities()));
    }
}
