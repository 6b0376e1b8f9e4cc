package io.tern.gateway;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.embedding.v1.EmbeddingServiceGrpc;
import io.tern.gateway.health.GrpcHealth;
import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.inference.InferenceGrpc;
import io.tern.gateway.inference.InferenceModels;
import io.tern.gateway.jobs.JobDesk;
import io.tern.gateway.jobs.JobGrpc;
import io.tern.gateway.keys.KeyInterceptor;
import io.tern.gateway.keys.Keyring;
import io.tern.gateway.models.ModelGrpc;
import io.tern.gateway.models.ModelList;
import io.tern.gateway.passthrough.MessageBudget;
import io.tern.gateway.passthrough.PassThroughCalls;
import io.tern.gateway.passthrough.PassThroughService;
import io.tern.gateway.passthrough.RequestIdInterceptor;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.upstream.Upstreams;
import io.tern.gateway.web.LastCall;
import io.tern.gateway.webhook.WebhookHosts;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.jobs.v1.JobServiceGrpc;
import io.tern.serving.LiveCalls;
import io.tern.serving.UnreadableMessages;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;

/** Native gRPC: the three services passed through, and what the gateway answers itself. */
@Configuration(proxyBeanMethods = false)
public class GrpcConfiguration {
    /** Resets of streams in ten seconds: far more than clients that cancel need, far fewer than an attack. */
    private static final int MAX_RESETS = 1_000;

    private static final int MAX_CALLS_PER_CONNECTION = 1_000;

    /**
     * An eighth of the heap, as of bodies. Buffers may take as much as the heap; a message lies in them as it comes and
     * as it goes on, and keeps those that hold a part of it and parts of others.
     */
    private static final long MAX_MESSAGE_BYTES_TOGETHER =
            Math.max(Runtime.getRuntime().maxMemory() / 8, Upstream.MAX_MESSAGE_BYTES);

    @Bean
    PassThroughCalls passThroughCalls(MeterRegistry registry, LastCall lastCall) {
        PassThroughCalls live = new PassThroughCalls(registry);
        lastCall.onCall(live::endAll);
        return live;
    }

    /** Of the calls that the gateway answers itself. */
    @Bean
    @GlobalServerInterceptor
    LiveCalls ownCalls(LastCall lastCall) {
        LiveCalls own = new LiveCalls();
        lastCall.onCall(own::endAll);
        return own;
    }

    @Bean
    BindableService detectionPassThrough(Upstreams upstreams, PassThroughCalls live) {
        return passThrough(DetectionServiceGrpc.getServiceDescriptor(), upstreams.detection(), live);
    }

    @Bean
    BindableService embeddingPassThrough(Upstreams upstreams, PassThroughCalls live) {
        return passThrough(EmbeddingServiceGrpc.getServiceDescriptor(), upstreams.detection(), live);
    }

    @Bean
    BindableService generationPassThrough(Upstreams upstreams, PassThroughCalls live) {
        return passThrough(GenerationServiceGrpc.getServiceDescriptor(), upstreams.generation(), live);
    }

    @Bean
    BindableService decodingPassThrough(Upstreams upstreams, PassThroughCalls live) {
        return passThrough(DecodingServiceGrpc.getServiceDescriptor(), upstreams.decoding(), live);
    }

    @Bean
    BindableService inferenceService(
            InferenceModels models, HealthWatch watch, Upstreams upstreams, PassThroughCalls live) {
        return new InferenceGrpc(
                models,
                watch,
                passThrough(GRPCInferenceServiceGrpc.getServiceDescriptor(), upstreams.detection(), live));
    }

    private static BindableService passThrough(ServiceDescriptor service, Upstream upstream, PassThroughCalls live) {
        return new PassThroughService(service, upstream.name(), upstream.channel(), live);
    }

    @Bean
    BindableService modelService(ModelList models) {
        return new ModelGrpc(models);
    }

    @Bean
    BindableService jobService(JobDesk desk, WebhookHosts webhooks, Workers workers) {
        return new JobGrpc(desk, webhooks, workers.executor());
    }

    @Bean
    BindableService healthService(HealthWatch watch) {
        HealthStatusManager manager = new HealthStatusManager();
        watch.listen(new GrpcHealth(
                manager,
                Map.of(
                        "detection",
                                List.of(
                                        DetectionServiceGrpc.SERVICE_NAME,
                                        EmbeddingServiceGrpc.SERVICE_NAME,
                                        GRPCInferenceServiceGrpc.SERVICE_NAME),
                        "generation", List.of(GenerationServiceGrpc.SERVICE_NAME),
                        "decoding", List.of(DecodingServiceGrpc.SERVICE_NAME),
                        "kafka", List.of(JobServiceGrpc.SERVICE_NAME))));
        return manager.getHealthService();
    }

    /** The older reflection, which many clients still ask for; Spring Boot brings the newer one. */
    @Bean
    @SuppressWarnings("deprecation")
    BindableService olderReflection() {
        return ProtoReflectionService.newInstance();
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor keyInterceptor(Keyring keyring) {
        return new KeyInterceptor(keyring);
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor requestIdInterceptor() {
        return new RequestIdInterceptor();
    }

    /** Of the services that the gateway answers itself. */
    @Bean
    GrpcServiceConfigurer unreadableMessages(ApplicationContext application) {
        return new UnreadableMessages(application);
    }

    /** Bytes are passed on without leaving the network threads; what blocks takes a virtual thread itself. */
    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> grpcServerLimits() {
        return server -> server.directExecutor()
                .addStreamTracerFactory(new MessageBudget(MAX_MESSAGE_BYTES_TOGETHER))
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .maxRstFramesPerWindow(MAX_RESETS, 10);
    }
}
