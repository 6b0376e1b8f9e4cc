package io.tern.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.gateway.batches.BatchEndpoint;
import io.tern.gateway.batches.Batches;
import io.tern.gateway.detections.DetectionsHandler;
import io.tern.gateway.files.FileLimits;
import io.tern.gateway.files.FileStore;
import io.tern.gateway.files.FileSweep;
import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.images.ImagesHandler;
import io.tern.gateway.openai.EmbeddingsHandler;
import io.tern.gateway.openai.ResponsesHandler;
import io.tern.gateway.openai.TextHandler;
import io.tern.gateway.web.LastCall;
import io.tern.gateway.web.RequestBody;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Files of callers, and the batches beside them whose lines are asked as the routes would be. */
@Configuration(proxyBeanMethods = false)
public class FilesConfiguration {
    /** A line's picture is beside many others' on the disk, and in memory beside what requests hold. */
    private static final int PICTURE_LINE_LIMIT = 8 << 20;

    /** Before a line is asked again that was refused for now. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    @Bean
    FileStore fileStore(GatewayProperties properties) {
        FileLimits limits = new FileLimits(
                properties.files().maxSize().toBytes(),
                properties.files().quota().toBytes());
        return FileStore.open(properties.dataDirectory().resolve("files"), limits, InstantSource.system());
    }

    @Bean(destroyMethod = "close")
    FileSweep fileSweep(FileStore files, Workers workers) {
        return new FileSweep(files, workers.scheduler());
    }

    @Bean
    Batches batches(
            FileStore files,
            TextHandler texts,
            ResponsesHandler responses,
            EmbeddingsHandler embeddings,
            ImagesHandler images,
            DetectionsHandler detections,
            HealthWatch watch,
            LastCall lastCall,
            MeterRegistry registry,
            GatewayProperties properties) {
        // What the services do at once, unless told otherwise: more would only wait there.
        int written = properties.batchLines(8);
        int seen = properties.batchLines(4);
        int drawn = properties.batchLines(3);
        List<BatchEndpoint> endpoints = List.of(
                new BatchEndpoint("/v1/chat/completions", "decoding", written, RequestBody.TEXT_LIMIT, texts.chat()),
                new BatchEndpoint("/v1/completions", "decoding", written, RequestBody.TEXT_LIMIT, texts.completion()),
                new BatchEndpoint("/v1/responses", "decoding", written, RequestBody.TEXT_LIMIT, responses.call()),
                new BatchEndpoint("/v1/embeddings", "detection", seen, PICTURE_LINE_LIMIT, embeddings.call()),
                new BatchEndpoint(
                        "/v1/images/generations", "generation", drawn, PICTURE_LINE_LIMIT, images.generations()),
                new BatchEndpoint("/v1/detections", "detection", seen, PICTURE_LINE_LIMIT, detections.call()));
        Batches batches = new Batches(
                files,
                endpoints,
                FIRST_PAUSE,
                service -> watch.health().up().getOrDefault(service, false),
                registry,
                InstantSource.system());
        lastCall.onCall(batches::close);
        batches.start();
        return batches;
    }
}
