package io.tern.generation.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.catalogue.ModelStore;
import io.tern.generation.ImageGenerator;
import io.tern.generation.graph.Inference;
import io.tern.generation.pipeline.RememberedRows;
import io.tern.jobs.JobType;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.SessionConfig;
import io.tern.serving.Admission;
import io.tern.serving.JobWork;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import io.tern.serving.ServingConfiguration;
import io.tern.serving.ServingProperties;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the service together. Beans are closed in reverse: jobs, then models, then the threads, then the runtime. */
@Configuration(proxyBeanMethods = false)
@Import(ServingConfiguration.class)
@EnableConfigurationProperties(GenerationProperties.class)
class GenerationConfiguration {
    /** One run at a time, which has all threads: requests take turns step by step, and none is slowed by two at once. */
    private static final int RUNS_AT_ONCE = 1;

    @Bean(destroyMethod = "close")
    OnnxRuntime onnxRuntime(ServingProperties properties) {
        return OnnxRuntime.open(properties.threads(), cache(properties));
    }

    /** What is made once and can be made again. */
    private static Path cache(ServingProperties properties) {
        return properties.dataDirectory().resolve("cache");
    }

    /** Each admitted request has one run at a time, so nothing that was admitted is refused here. */
    @Bean(destroyMethod = "close")
    InferenceExecutor inferenceExecutor(GenerationProperties properties) {
        return new InferenceExecutor(RUNS_AT_ONCE, properties.running() + JobWork.atOnce(properties.jobSlots()));
    }

    @Bean
    Inference inference(OnnxRuntime runtime, InferenceExecutor executor, ServingProperties properties) {
        ExecutionProvider provider = ExecutionProvider.named(properties.device(), runtime, Map.of());
        return new Inference(runtime, executor, SessionConfig.on(provider));
    }

    @Bean(destroyMethod = "close")
    LoadedModels<ImageGenerator> imageGenerators(
            ModelStore store, Inference inference, ServedModels served, ServingProperties properties) {
        RememberedRows rows = new RememberedRows(cache(properties), inference, properties.threads());
        return ImageModels.load(store, cache(properties), inference, rows, served);
    }

    @Bean
    ImageModels imageModels(LoadedModels<ImageGenerator> generators, GenerationProperties properties) {
        return new ImageModels(generators, properties.limits());
    }

    @Bean
    Admission admission(GenerationProperties properties, MeterRegistry registry) {
        return new Admission(properties.running(), properties.jobSlots(), properties.waiting(), Admission.NO_LIMIT)
                .measuredBy(registry);
    }

    @Bean
    GenerationGrpcService generationGrpcService(ImageModels models, Admission admission) {
        return new GenerationGrpcService(models, admission);
    }

    @Bean
    JobWork jobWork(GenerationProperties properties, Admission admission, ImageModels models) {
        return new JobWork(JobType.GENERATION, properties.jobSlots(), admission, new GenerationJobHandler(models));
    }
}
