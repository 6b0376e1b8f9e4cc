package io.tern.gateway.images;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.wire.ImagesJson;
import java.time.Instant;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code POST /v1/images/generations}. */
public final class ImagesHandler {
    private final RequestBody bodies;
    private final Upstream generation;
    private final EventStreams streams;

    public ImagesHandler(RequestBody bodies, Upstream generation, EventStreams streams) {
        this.bodies = bodies;
        this.generation = generation;
        this.streams = streams;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/v1/images/generations", this::handle));
    }

    private Mono<ServerResponse> handle(ServerRequest request) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT)
                .map(ImagesJson::request)
                .flatMap(images -> {
                    long created = Instant.now().getEpochSecond();
                    Flux<GenerateResponse> events = generation.stream(
                            GenerationServiceGrpc.getGenerateMethod(), images.generate(), RequestId.of(request));
                    return images.stream() ? streams.answer(request, named(events, created)) : whole(events, created);
                });
    }

    private static Mono<ServerResponse> whole(Flux<GenerateResponse> events, long created) {
        return events.filter(GenerateResponse::hasImage)
                .map(GenerateResponse::getImage)
                .collectList()
                .flatMap(images -> JsonAnswer.ok(ImagesJson.answer(some(images), created)));
    }

    private static Flux<ServerEvent> named(Flux<GenerateResponse> events, long created) {
        return events.concatMap(event -> Mono.justOrEmpty(ImagesJson.event(event, created)), 1)
                .map(data -> ServerEvent.of(data.path("type").asString(), data));
    }

    private static List<GeneratedImage> some(List<GeneratedImage> images) {
        if (images.isEmpty()) {
            throw new TernException(ErrorCode.INTERNAL_ERROR, "the answer ended before it was finished");
        }
        return images;
    }
}
