package io.tern.gateway.openai;

import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.wire.AnswerHead;
import io.tern.wire.ChatChunks;
import io.tern.wire.ChatJson;
import io.tern.wire.CompletionChunks;
import io.tern.wire.CompletionsJson;
import io.tern.wire.TextAnswer;
import io.tern.wire.TextChunks;
import io.tern.wire.TextRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final SentNames SENT = new SentNames(Map.of("token_ids", "prompt"));

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
        ObjectNode of(TextRequest request, List<TextAnswer> answers, AnswerHead head);
    }

    private Mono<ServerResponse> handle(ServerRequest request, Shape shape) {
        return bodies.json(request, RequestBody.TEXT_LIMIT).map(shape.request()).flatMap(text -> {
            AnswerHead head = new AnswerHead(
                    shape.idPrefix() + UUID.randomUUID(), Instant.now().getEpochSecond());
            List<Flux<GenerateResponse>> choices = text.choices().stream()
                    .map(choice -> SENT.of(
                            decoding.stream(DecodingServiceGrpc.getGenerateMethod(), choice, CallHead.of(request))))
                    .toList();
            return text.stream()
                    ? streams.answer(request, chunks(choices, shape.chunks().apply(text, head)))
                    : answers(choices)
                            .flatMap(answers -> JsonAnswer.ok(shape.answer().of(text, answers, head)));
        });
    }

    /** All choices are written at once; the first that fails ends the others. */
    private static Mono<List<TextAnswer>> answers(List<Flux<GenerateResponse>> choices) {
        return Flux.mergeSequential(
                        choices.stream()
                                .map(events -> events.reduceWith(TextAnswer::new, TextAnswer::add))
                                .toList(),
                        choices.size(),
                        1)
                .collectList();
    }

    private static Flux<ServerEvent> chunks(List<Flux<GenerateResponse>> choices, TextChunks chunks) {
        List<Flux<Indexed>> events = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            int index = i;
            events.add(choices.get(i).map(event -> new Indexed(index, event)));
        }
        return Flux.merge(Flux.fromIterable(events), events.size(), 1)
                .concatMapIterable(event -> chunks.of(event.choice(), event.event()), 1)
                .map(ServerEvent::of)
                .concatWithValues(ServerEvent.DONE);
    }

    private record Indexed(int choice, GenerateResponse event) {}
}
