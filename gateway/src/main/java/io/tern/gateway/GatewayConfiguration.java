package io.tern.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.gateway.batches.Batches;
import io.tern.gateway.batches.BatchesHandler;
import io.tern.gateway.detections.DetectionsHandler;
import io.tern.gateway.detections.SimilarHandler;
import io.tern.gateway.fetch.PictureFetcher;
import io.tern.gateway.files.FileStore;
import io.tern.gateway.files.FilesHandler;
import io.tern.gateway.health.HealthHandler;
import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.health.KafkaProbe;
import io.tern.gateway.health.Probe;
import io.tern.gateway.health.ServiceProbe;
import io.tern.gateway.images.ImagesHandler;
import io.tern.gateway.images.PictureLinks;
import io.tern.gateway.images.WebUiHandler;
import io.tern.gateway.inference.InferenceHandler;
import io.tern.gateway.inference.InferenceModels;
import io.tern.gateway.jobs.JobDesk;
import io.tern.gateway.jobs.JobsHandler;
import io.tern.gateway.keys.KeyFilter;
import io.tern.gateway.keys.Keyring;
import io.tern.gateway.models.ModelList;
import io.tern.gateway.models.ModelsHandler;
import io.tern.gateway.openai.EmbeddingsHandler;
import io.tern.gateway.openai.OpenAiServers;
import io.tern.gateway.openai.ResponsesHandler;
import io.tern.gateway.openai.TextHandler;
import io.tern.gateway.openai.TokensHandler;
import io.tern.gateway.origin.ForeignOrigin;
import io.tern.gateway.origin.KnownHosts;
import io.tern.gateway.problem.ProblemHandler;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.upstream.Upstreams;
import io.tern.gateway.web.BodyBudget;
import io.tern.gateway.web.EdgeFilter;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.FormBody;
import io.tern.gateway.web.LastCall;
import io.tern.gateway.web.OpenApi;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RouteTable;
import io.tern.gateway.webhook.WebhookHosts;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** HTTP: the routes and what they share. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
public class GatewayConfiguration {
    /** A whole request must have arrived within this time; nobody holds a connection by sending slowly. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    /** After which a service that says nothing has no models. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    @Bean(destroyMethod = "close")
    Workers workers() {
        return Workers.start();
    }

    @Bean
    LastCall lastCall() {
        return new LastCall();
    }

    @Bean(destroyMethod = "close")
    Upstreams upstreams(GatewayProperties properties, Workers workers, LastCall lastCall) {
        var services = properties.upstream();
        var executor = workers.executor();
        Duration timeout = properties.requestTimeout();
        return new Upstreams(
                Upstream.connect("detection", services.detection(), executor, timeout, lastCall),
                Upstream.connect("generation", services.generation(), executor, timeout, lastCall),
                Upstream.connect("decoding", services.decoding(), executor, timeout, lastCall));
    }

    @Bean(destroyMethod = "close")
    HealthWatch healthWatch(Upstreams upstreams, GatewayProperties properties) {
        HealthWatch watch = new HealthWatch(Duration.ofSeconds(1), Duration.ofMillis(250));
        List<Probe> probes = new ArrayList<>();
        upstreams.all().forEach(upstream -> probes.add(new ServiceProbe(upstream)));
        if (!properties.kafkaBootstrapServers().isEmpty()) {
            probes.add(KafkaProbe.of(properties.kafkaBootstrapServers()));
        }
        watch.start(probes);
        return watch;
    }

    @Bean
    GoingDown goingDown(HealthWatch watch, LastCall lastCall, GatewayProperties properties) {
        return new GoingDown(watch, lastCall, properties.lastCall());
    }

    @Bean
    EventStreams eventStreams(GatewayProperties properties, LastCall lastCall, MeterRegistry registry) {
        return new EventStreams(properties.heartbeat(), lastCall, registry);
    }

    @Bean
    ModelList modelList(Upstreams upstreams) {
        return new ModelList(upstreams, SILENCE);
    }

    @Bean
    InferenceModels inferenceModels(Upstreams upstreams, ModelList models) {
        return new InferenceModels(upstreams.detection(), models);
    }

    @Bean
    PictureLinks pictureLinks(GatewayProperties properties) {
        return PictureLinks.open(properties.dataDirectory().resolve("pictures"), InstantSource.system());
    }

    @Bean
    PictureFetcher pictureFetcher(GatewayProperties properties) {
        return PictureFetcher.from(properties.pictureHosts());
    }

    @Bean
    RequestBody requestBody(Workers workers) {
        return new RequestBody(workers.scheduler());
    }

    @Bean
    FormBody formBody(Workers workers) {
        return new FormBody(workers.scheduler());
    }

    @Bean
    TextHandler textHandler(RequestBody bodies, Upstreams upstreams, EventStreams streams) {
        return new TextHandler(bodies, upstreams.decoding(), streams);
    }

    @Bean
    ResponsesHandler responsesHandler(RequestBody bodies, Upstreams upstreams, EventStreams streams) {
        return new ResponsesHandler(bodies, upstreams.decoding(), streams);
    }

    @Bean
    EmbeddingsHandler embeddingsHandler(RequestBody bodies, Upstreams upstreams) {
        return new EmbeddingsHandler(bodies, upstreams.detection());
    }

    @Bean
    ImagesHandler imagesHandler(
            RequestBody bodies,
            FormBody forms,
            Upstreams upstreams,
            EventStreams streams,
            PictureLinks links,
            Workers workers) {
        return new ImagesHandler(bodies, forms, upstreams.generation(), streams, links, workers.scheduler());
    }

    @Bean
    DetectionsHandler detectionsHandler(
            RequestBody bodies, FormBody forms, PictureFetcher fetcher, Upstreams upstreams) {
        return new DetectionsHandler(bodies, forms, fetcher, upstreams.detection());
    }

    @Bean
    RouteTable routeTable(
            RequestBody bodies,
            Workers workers,
            Upstreams upstreams,
            EventStreams streams,
            HealthWatch watch,
            ModelList models,
            InferenceModels tensors,
            JobDesk desk,
            WebhookHosts webhooks,
            TextHandler texts,
            ResponsesHandler responses,
            EmbeddingsHandler embeddings,
            ImagesHandler images,
            DetectionsHandler detections,
            FileStore files,
            Batches batches) {
        return new RouteTable(Stream.of(
                        new HealthHandler(watch).endpoints(),
                        new ModelsHandler(models).endpoints(),
                        texts.endpoints(),
                        responses.endpoints(),
                        new TokensHandler(bodies, upstreams.decoding()).endpoints(),
                        embeddings.endpoints(),
                        images.endpoints(),
                        new WebUiHandler(bodies, upstreams.generation(), models).endpoints(),
                        detections.endpoints(),
                        new SimilarHandler(bodies, upstreams.detection()).endpoints(),
                        new InferenceHandler(bodies, tensors, watch).endpoints(),
                        new JobsHandler(bodies, desk, webhooks, streams, workers.scheduler()).endpoints(),
                        new FilesHandler(files, workers.scheduler()).endpoints(),
                        new BatchesHandler(bodies, batches, workers.scheduler()).endpoints(),
                        List.of(Endpoint.get("/openapi.json", new OpenApi())))
                .flatMap(List::stream)
                .toList());
    }

    @Bean
    RouterFunction<ServerResponse> router(RouteTable table) {
        return table.router();
    }

    @Bean
    RouteLocator openAiServers(RouteLocatorBuilder builder, GatewayProperties properties) {
        Map<String, URI> servers = properties.upstreams().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().uri()));
        return OpenAiServers.routes(builder, servers);
    }

    @Bean
    EdgeFilter edgeFilter() {
        return new EdgeFilter();
    }

    /** An eighth of the heap: what is read of a body takes up to four times its size. */
    @Bean
    BodyBudget bodyBudget() {
        return new BodyBudget(Math.max(Runtime.getRuntime().maxMemory() / 8, RequestBody.PICTURE_LIMIT + (8 << 20)));
    }

    @Bean
    KnownHosts knownHosts(GatewayProperties properties) {
        return new KnownHosts(properties.hosts());
    }

    @Bean
    ForeignOrigin foreignOrigin() {
        return new ForeignOrigin();
    }

    @Bean
    Keyring keyring(GatewayProperties properties) {
        return Keyring.open(properties.dataDirectory().resolve("keys"), InstantSource.system());
    }

    @Bean
    KeyFilter keyFilter(Keyring keyring) {
        return new KeyFilter(keyring);
    }

    @Bean
    ProblemHandler problemHandler() {
        return new ProblemHandler();
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> slowRequests() {
        return factory -> factory.addServerCustomizers(server -> server.requestTimeout(REQUEST_TIMEOUT));
    }
}
