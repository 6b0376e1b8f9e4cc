package io.tern.gateway.openai;

import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.JsonCall;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.wire.text.AnswerHead;
import io.tern.wire.text.ChatChunks;
import io.tern.wire.text.ChatJson;
import io.tern.wire.text.CompletionChunks;
import io.tern.wire.text.CompletionsJson;
import io.tern.wire.text.TextAnswer;
import io.tern.wire.text.TextChunks;
import io.tern.wire.text.TextRequest;
import java.time.Instant;
import java.util.ArrayList;
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
    private static final Shape CHAT = new Shape("chatcmpl-", ChatJson::request, ChatJson::answer, ChatChunks::new);
    private static final Shape COMPLETION =
            new Shape("cmpl-", CompletionsJson::request, CompletionsJson::answer, CompletionChunks::new);

    private final RequestBody bodies;
    private final Upstream decoding;
    private final EventStreams streams;

    public TextHandler(RequestBody bodies, Upstream decoding, EventStreams streams) {
        this.bodies = bodies;
        this.decoding = decoding;
        this.streams = streams;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/chat/completions", request -> handle(request, CHAT)),
                Endpoint.post("/v1/completions", request -> handle(request, COMPLETION)));
    }

    public JsonCall chat() {
        return (body, _) -> question(body, CHAT);
    }

    public JsonCall completion() {
        return (body, _) -> question(body, COMPLETION);
    }

    /** What differs between the two routes. */
    private record Shape(
            String idPrefix,
            Function<ObjectNode, TextRequest> request,
            Answer answer,
            BiFunction<TextRequest, AnswerHead, TextChunks> chunks) {
        AnswerHead head() {
            return new AnswerHead(idPrefix + UUID.randomUUID(), Instant.now().getEpochSecond());
        }
    }

    @FunctionalInterface
    private interface Answer {
        ObjectNode of(TextRequest request, List<TextAnswer> answers, AnswerHead head);
    }

    private Mono<ServerResponse> handle(ServerRequest request, Shape shape) {
        CallHead head = CallHead.of(request);
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .map(shape.request())
                .flatMap(text -> text.stream()
                        ? streams.answer(
                                request,
                                chunks(choices(text, head), shape.chunks().apply(text, shape.head())))
                        : whole(text, shape, head).flatMap(JsonAnswer::ok));
    }

    private JsonCall.Question question(ObjectNode body, Shape shape) {
        TextRequest text = shape.request().apply(body);
        JsonCall.requireWhole(text.stream());
        return head -> whole(text, shape, head);
    }

    private Mono<ObjectNode> whole(TextRequest text, Shape shape, CallHead head) {
        AnswerHead answer = shape.head();
        return answers(choices(text, head)).map(answers -> shape.answer().of(text, answers, answer));
    }

    private List<Flux<GenerateResponse>> choices(TextRequest text, CallHead head) {
        SentNames sent = new SentNames(text.sent());
        return text.choices().stream()
                .map(choice -> sent.of(decoding.stream(DecodingServiceGrpc.getGenerateMethod(), choice, head)))
                .toList();
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
