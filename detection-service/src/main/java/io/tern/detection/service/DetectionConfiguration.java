package io.tern.detection.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.catalogue.ModelStore;
import io.tern.detection.Detector;
import io.tern.detection.network.Batching;
import io.tern.detection.network.OnnxNetworks;
import io.tern.embedding.service.EmbeddingConfiguration;
import io.tern.embedding.service.ImageModels;
import io.tern.inference.service.InferenceConfiguration;
import io.tern.jobs.JobType;
import io.tern.jobs.kafka.TopicPass;
import io.tern.serving.Admission;
import io.tern.serving.JobWork;
import io.tern.serving.LoadedModels;
import io.tern.serving.OpenStreams;
import io.tern.serving.ServedModels;
import io.tern.serving.ServingConfiguration;
import io.tern.serving.ServingProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the service together. Beans are closed in reverse: jobs first, then models, the runtime last. */
@Configuration(proxyBeanMethods = false)
@Import({ServingConfiguration.class, EmbeddingConfiguration.class, InferenceConfiguration.class})
@EnableConfigurationProperties(DetectionProperties.class)
class DetectionConfiguration {
    /** Requests and jobs work on one picture at a time, so nothing that was admitted is refused by the workers. */
    @Bean(destroyMethod = "close")
    OnnxNetworks onnxNetworks(ServingProperties serving, DetectionProperties detection) {
        int workers = detection.workers(serving.threads());
        return new OnnxNetworks(
                serving.threads(),
                workers,
                workers + JobWork.atOnce(detection.jobSlots(serving.threads())),
                serving.device(),
                serving.dataDirectory().resolve("cache"));
    }

    @Bean
    Batching batching(OnnxNetworks networks, ServingProperties serving, DetectionProperties detection) {
        int threads = serving.threads();
        return new Batching(networks, detection.batchLimits(threads), detection.workers(threads));
    }

    @Bean(destroyMethod = "close")
    LoadedModels<Detector> detectors(ModelStore store, Batching batching, ServedModels served) {
        return DetectionModels.load(store, batching, served);
    }

    @Bean
    DetectionModels detectionModels(LoadedModels<Detector> detectors, ImageModels encoders) {
        return new DetectionModels(detectors, encoders);
    }

    @Bean
    Admission admission(ServingProperties serving, DetectionProperties detection, MeterRegistry registry) {
        int threads = serving.threads();
        return new Admission(
                        detection.workers(threads),
                        detection.jobSlots(threads),
                        detection.waiting(),
                        detection.longestWait())
                .measuredBy(registry);
    }

    @Bean
    OpenStreams openStreams(DetectionProperties detection, MeterRegistry registry) {
        return new OpenStreams(detection.streams()).measuredBy(registry);
    }

    @Bean
    DetectionGrpcService detectionGrpcService(
            DetectionModels models, OnnxNetworks networks, Admission admission, OpenStreams streams) {
        return new DetectionGrpcService(models, networks, admission, streams);
    }

    @Bean
    JobWork jobWork(
            ServingProperties serving,
            DetectionProperties properties,
            Admission admission,
            DetectionModels models,
            OnnxNetworks networks) {
        TopicPass topics = new TopicPass(serving.kafkaBootstrapServers());
        var handler = new DetectionJobHandler(models, networks, properties.pictureFolder(), topics);
        return new JobWork(JobType.DETECTION, properties.jobSlots(serving.threads()), admission, handler);
    }
}
