package io.tern.decoding.service;

import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.catalogue.ModelStore;
import io.tern.decoding.convert.ConversionCache;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.head.HeadLoader;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.ModelLoader;
import io.tern.jobs.JobType;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.serving.Admission;
import io.tern.serving.HealthCheck;
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
import org.springframework.grpc.server.GlobalServerInterceptor;

/** Puts the service together. Beans are closed in reverse: jobs, then models, then the threads, then the runtime. */
@Configuration(proxyBeanMethods = false)
@Import(ServingConfiguration.class)
@EnableConfigurationProperties(DecodingProperties.class)
class DecodingConfiguration {
    /** One run at a time, which has all threads; the texts of one model share it. */
    private static final int RUNS_AT_ONCE = 1;

    @Bean(destroyMethod = "close")
    OnnxRuntime onnxRuntime(ServingProperties properties) {
        return OnnxRuntime.open(properties.threads(), properties.dataDirectory().resolve("cache"));
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor tenants() {
        return new Tenant.Interceptor();
    }

    /** Each model has one run at a time, and there are never more of those that run than texts. */
    @Bean(destroyMethod = "close")
    InferenceExecutor inferenceExecutor(DecodingProperties properties) {
        return new InferenceExecutor(RUNS_AT_ONCE, properties.running() + JobWork.atOnce(properties.jobSlots()));
    }

    @Bean
    ModelLoader modelLoader(OnnxRuntime runtime, InferenceExecutor executor, ServingProperties serving) {
        DecoderDevice device = DecoderDevice.of(ExecutionProvider.named(serving.device(), runtime, Map.of()));
        ModelLoader loader = new ModelLoader(runtime, serving.threads(), executor, device, conversions(serving));
        loader.batches().onDeath(new EngineEnd());
        return loader;
    }

    @Bean
    HeadLoader headLoader(OnnxRuntime runtime, InferenceExecutor executor, ServingProperties serving) {
        return new HeadLoader(runtime, executor, new ConversionCache(conversions(serving)));
    }

    private static Path conversions(ServingProperties serving) {
        return serving.dataDirectory().resolve("cache").resolve("decoding");
    }

    @Bean
    KvBudget kvBudget(DecodingProperties properties) {
        return new KvBudget(
                properties.cacheMemory().toBytes(), properties.prefixMemory().toBytes());
    }

    @Bean
    DecodingMetrics decodingMetrics(ModelLoader loader, KvBudget budget, MeterRegistry registry) {
        return new DecodingMetrics(loader.batches(), budget).registeredWith(registry);
    }

    /** An engine that an error ended never answers again. */
    @Bean
    HealthCheck enginesLive(ModelLoader loader) {
        return () -> loader.batches().deaths() == 0;
    }

    @Bean(destroyMethod = "close")
    LoadedModels<TextModel> textModels(
            ModelStore store,
            ModelLoader loader,
            HeadLoader heads,
            KvBudget budget,
            DecodingProperties decoding,
            ServingProperties serving,
            ServedModels served) {
        DrafterOpener drafters =
                new DrafterOpener(loader, heads, budget, serving.dataDirectory().resolve("retrieval"));
        TextModelOpener opener = new TextModelOpener(
                loader, drafters, PrecisionChoice.of(decoding.precision()), KvCacheType.of(decoding.kvCache()), budget);
        return LanguageModels.load(store, opener, served);
    }

    @Bean
    LanguageModels languageModels(LoadedModels<TextModel> models, MeterRegistry registry) {
        return new LanguageModels(models, new TextMetrics(registry));
    }

    @Bean
    Admission admission(DecodingProperties properties, MeterRegistry registry) {
        return new Admission(properties.running(), properties.jobSlots(), properties.waiting(), Admission.NO_LIMIT)
                .measuredBy(registry);
    }

    @Bean
    DecodingGrpcService decodingGrpcService(LanguageModels models, Admission admission) {
        return new DecodingGrpcService(models, admission);
    }

    @Bean
    JobWork jobWork(DecodingProperties properties, Admission admission, LanguageModels models) {
        return new JobWork(JobType.DECODING, properties.jobSlots(), admission, new DecodingJobHandler(models));
    }
}
