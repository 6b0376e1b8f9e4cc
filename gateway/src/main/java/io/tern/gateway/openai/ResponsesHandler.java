package io.tern.gateway.openai;

import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.wire.AnswerHead;
import io.tern.wire.NamedEvent;
import io.tern.wire.responses.ResponseEvents;
import io.tern.wire.responses.ResponseRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code POST /v1/responses}, whole or streamed. */
public final class ResponsesHandler {
    private static final SentNames SENT =
            new SentNames(Map.of("max_tokens", "max_output_tokens", "messages", "input", "logprobs", "top_logprobs"));

    private final RequestBody bodies;
    private final Upstream decoding;
    private final EventStreams streams;

    public ResponsesHandler(RequestBody bodies, Upstream decoding, EventStreams streams) {
        this.bodies = bodies;
        this.decoding = decoding;
        this.streams = streams;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/v1/responses", this::respond));
    }

    private Mono<ServerResponse> respond(ServerRequest request) {
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .map(ResponseRequest::of)
                .flatMap(question -> {
                    AnswerHead head = new AnswerHead(
                            "resp_" + UUID.randomUUID().toString().replace("-", ""),
                            Instant.now().getEpochSecond());
                    ResponseEvents answer = new ResponseEvents(question, head);
                    Flux<NamedEvent> events = SENT.of(decoding.stream(
                                    DecodingServiceGrpc.getGenerateMethod(),
                                    question.text().choices().getFirst(),
                                    CallHead.of(request)))
                            .concatMapIterable(answer::of, 1);
                    return question.stream()
                            ? streams.answer(request, events.map(event -> ServerEvent.of(event.name(), event.data())))
                            : events.then(Mono.fromSupplier(answer::response)).flatMap(JsonAnswer::ok);
                });
    }
}
