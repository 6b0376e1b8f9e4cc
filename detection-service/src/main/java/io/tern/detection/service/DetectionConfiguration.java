package io.tern.detection.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.catalogue.ModelStore;
import io.tern.detection.network.OnnxNetworks;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.kafka.KafkaJobWorker;
import io.tern.jobs.kafka.WorkerSettings;
import io.tern.serving.Admission;
import io.tern.serving.ServedModels;
import io.tern.serving.ServingConfiguration;
import io.tern.serving.ServingProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the service together. Beans are closed in reverse: jobs first, the networks last. */
@Configuration(proxyBeanMethods = false)
@Import(ServingConfiguration.class)
@EnableConfigurationProperties(DetectionProperties.class)
class DetectionConfiguration {
    /** Requests and jobs work on one picture at a time, so nothing that was admitted is refused by the workers. */
    @Bean(destroyMethod = "close")
    OnnxNetworks onnxNetworks(ServingProperties serving, DetectionProperties detection) {
        int workers = detection.workers(serving.threads());
        return new OnnxNetworks(
                serving.threads(),
                workers,
                workers + detection.jobSlots(),
                serving.device(),
                serving.dataDirectory().resolve("cache"));
    }

    @Bean
    DetectionModels detectionModels(ModelStore store, OnnxNetworks networks, ServedModels served) {
        return DetectionModels.load(store, networks, served);
    }

    @Bean
    Admission admission(ServingProperties serving, DetectionProperties detection, MeterRegistry registry) {
        Admission admission = new Admission(detection.workers(serving.threads()), detection.waiting());
        Gauge.builder("tern.detection.requests.running", admission, Admission::running)
                .description("Requests that are worked on")
                .register(registry);
        Gauge.builder("tern.detection.requests.waiting", admission, Admission::waiting)
                .description("Requests that wait for their turn")
                .register(registry);
        return admission;
    }

    @Bean
    DetectionGrpcService detectionGrpcService(DetectionModels models, OnnxNetworks networks, Admission admission) {
        return new DetectionGrpcService(models, networks, admission);
    }

    @Bean
    DetectionJobHandler detectionJobHandler(DetectionModels models, OnnxNetworks networks) {
        return new DetectionJobHandler(models, networks);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnExpression("!'${tern.kafka-bootstrap-servers:}'.isEmpty()")
    KafkaJobWorker detectionJobWorker(
            ServingProperties serving, DetectionProperties detection, DetectionJobHandler handler) {
        return new KafkaJobWorker(
                serving.kafkaBootstrapServers(),
                JobType.DETECTION,
                detection.jobSlots(),
                FileArtifactStore.open(serving.dataDirectory().resolve("artifacts")),
                handler,
                WorkerSettings.standard());
    }
}
