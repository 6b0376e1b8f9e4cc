package io.tern.serving;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.StatusException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tern.catalogue.ModelStore;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.kafka.KafkaJobWorker;
import io.tern.jobs.kafka.WorkerSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;

/** The beans that every service needs; a service's own configuration imports this one. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ServingProperties.class)
public class ServingConfiguration {
    private final AtomicBoolean ready = new AtomicBoolean();

    @Bean
    ModelStore modelStore(ServingProperties properties) {
        return new ModelStore(properties.catalogue(), properties.modelsDirectory());
    }

    @Bean
    ServedModels servedModels() {
        return new ServedModels();
    }

    /** Opens what was brought before, after all of the catalogue. */
    @Bean
    BindableService modelLoadingService(
            ModelLoading loading, ServingProperties properties, ApplicationContext application) {
        BroughtModels brought = BroughtModels.of(properties.dataDirectory(), application.getId());
        ModelLoadingGrpc grpc = new ModelLoadingGrpc(loading, brought);
        grpc.restore();
        return () -> ServerInterceptors.intercept(grpc, new SameMachineOnly());
    }

    /** One virtual thread a call: handlers block in reading order. */
    @Bean(destroyMethod = "close")
    ExecutorService callExecutor() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    @Bean
    GrpcServerExecutorProvider grpcServerExecutorProvider(ExecutorService callExecutor) {
        return () -> callExecutor;
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor unknownFieldsInterceptor() {
        return new UnknownFieldsInterceptor();
    }

    @Bean
    @GlobalServerInterceptor
    ServerInterceptor callPriority() {
        return new CallPriority();
    }

    @Bean
    GrpcServiceConfigurer unreadableMessages(ApplicationContext application) {
        return new UnreadableMessages(application);
    }

    @Bean
    @GlobalServerInterceptor
    LiveCalls liveCalls() {
        return new LiveCalls();
    }

    /** Calls may finish within most of the grace time; those that do not are ended in the rest of it. */
    @Bean
    ApplicationListener<ContextClosedEvent> lastCall(
            LiveCalls calls, @Value("${spring.grpc.server.shutdown.grace-period:3s}") Duration grace) {
        Duration patience = grace.multipliedBy(4).dividedBy(5);
        return _ -> Thread.ofVirtual().name("last-call").start(() -> {
            try {
                Thread.sleep(patience);
                calls.endAll();
            } catch (InterruptedException _) {
                // the process ends sooner than that
            }
        });
    }

    @Bean
    GrpcExceptionHandler statusMapping() {
        return error -> {
            var status = StatusMapping.toStatus(error);
            return new StatusException(status.getStatus(), status.getTrailers());
        };
    }

    @Bean
    @ConditionalOnExpression("${tern.management-port:-1} >= 0")
    ManagementServer managementServer(
            ServingProperties properties, PrometheusMeterRegistry registry, ObjectProvider<HealthCheck> checks) {
        return new ManagementServer(
                new InetSocketAddress(properties.managementAddress(), properties.managementPort()),
                registry,
                () -> ready.get() && checks.orderedStream().allMatch(HealthCheck::isHealthy));
    }

    /** Takes jobs, where there is a Kafka to take them from. */
    @Bean(destroyMethod = "close")
    @ConditionalOnExpression("!'${tern.kafka-bootstrap-servers:}'.isEmpty()")
    KafkaJobWorker jobWorker(ServingProperties properties, JobWork work, PrometheusMeterRegistry registry) {
        KafkaJobWorker worker = new KafkaJobWorker(
                properties.kafkaBootstrapServers(),
                work.type(),
                work.slots(),
                FileArtifactStore.open(properties.dataDirectory().resolve("artifacts")),
                work.room(),
                work.handler(),
                WorkerSettings.standard());
        count(worker, registry);
        return worker;
    }

    private static void count(KafkaJobWorker worker, MeterRegistry registry) {
        for (String event : worker.counters().values().keySet()) {
            FunctionCounter.builder(
                            "tern.jobs.worker",
                            worker,
                            counted -> counted.counters().values().getOrDefault(event, 0L))
                    .tag("event", event)
                    .register(registry);
        }
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> readiness() {
        return _ -> ready.set(true);
    }
}
