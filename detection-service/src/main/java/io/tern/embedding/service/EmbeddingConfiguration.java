package io.tern.embedding.service;

import io.tern.catalogue.ModelStore;
import io.tern.detection.network.Batching;
import io.tern.detection.network.OnnxNetworks;
import io.tern.serving.Admission;
import io.tern.serving.ServedModels;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Embeddings share the networks, and so the workers and the queue, with whoever imports this. */
@Configuration(proxyBeanMethods = false)
public class EmbeddingConfiguration {
    @Bean(destroyMethod = "close")
    SentenceModels sentenceModels(ModelStore store, OnnxNetworks networks, ServedModels served) {
        return SentenceModels.load(store, networks, served);
    }

    @Bean(destroyMethod = "close")
    ImageModels imageModels(ModelStore store, Batching batching, ServedModels served) {
        return ImageModels.load(store, batching, served);
    }

    @Bean
    EmbeddingGrpcService embeddingGrpcService(
            SentenceModels sentences, ImageModels images, OnnxNetworks networks, Admission admission) {
        return new EmbeddingGrpcService(
                new TextRequests(sentences, networks, admission), new PictureRequests(images, networks, admission));
    }
}
