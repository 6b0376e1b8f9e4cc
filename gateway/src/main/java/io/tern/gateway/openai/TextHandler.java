package io.tern.gateway.openai;

import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.wire.AnswerHead;
import io.tern.wire.ChatChunks;
import io.tern.wire.ChatJson;
import io.tern.wire.CompletionChunks;
import io.tern.wire.CompletionsJson;
import io.tern.wire.TextAnswer;
import io.tern.wire.TextChunks;
import io.tern.wire.TextRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/chat/completions} and {@code /v1/completions}, whole or streamed. */
public final class TextHandler {
    private final RequestBody bodies;
    private final Upstream decoding;
    private final EventStreams streams;

    public TextHandler(RequestBody bodies, Upstream decoding, EventStreams streams) {
        this.bodies = bodies;
        this.decoding = decoding;
        this.streams = streams;
    }

    public List<Endpoint> endpoints() {
        Shape chat = new Shape("chatcmpl-", ChatJson::request, ChatJson::answer, ChatChunks::new);
        Shape completion = new Shape("cmpl-", CompletionsJson::request, CompletionsJson::answer, CompletionChunks::new);
        return List.of(
                Endpoint.post("/v1/chat/completions", request -> handle(request, chat)),
                Endpoint.post("/v1/completions", request -> handle(request, completion)));
    }

    /** What differs between the two routes. */
    private record Shape(
            String idPrefix,
            Function<ObjectNode, TextRequest> request,
            Answer answer,
            BiFunction<TextRequest, AnswerHead, TextChunks> chunks) {}

    @FunctionalInterface
    private interface Answer {
        ObjectNode of(TextRequest request, TextAnswer answer, AnswerHead head);
    }

    private Mono<ServerResponse> handle(ServerRequest request, Shape shape) {
        return bodies.json(request, RequestBody.TEXT_LIMIT).map(shape.request()).flatMap(text -> {
            AnswerHead head = new AnswerHead(
                    shape.idPrefix() + UUID.randomUUID(), Instant.now().getEpochSecond());
            Flux<GenerateResponse> events =
                    decoding.stream(DecodingServiceGrpc.getGenerateMethod(), text.generate(), RequestId.of(request));
            return text.stream()
                    ? streams.answer(request, chunks(events, shape.chunks().apply(text, head)))
                    : events.reduceWith(TextAnswer::new, TextAnswer::add)
                            .flatMap(answer -> JsonAnswer.ok(shape.answer().of(text, answer, head)));
        });
    }

    private static Flux<ServerEvent> chunks(Flux<GenerateResponse> events, TextChunks chunks) {
        return events.concatMapIterable(chunks::of, 1).map(ServerEvent::of).concatWithValues(ServerEvent.DONE);
    }
}
