package io.tern.gateway.openai;

import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.gateway.problem.SentNames;
import io.tern.gateway.stream.EventStreams;
import io.tern.gateway.stream.ServerEvent;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.JsonCall;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.wire.NamedEvent;
import io.tern.wire.responses.ResponseEvents;
import io.tern.wire.responses.ResponseRequest;
import io.tern.wire.text.AnswerHead;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/responses}, whole or streamed. */
public final class ResponsesHandler {
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

    public JsonCall call() {
        return (body, _) -> {
            ResponseRequest question = ResponseRequest.of(body);
            JsonCall.requireWhole(question.stream());
            return head -> whole(question, head);
        };
    }

    private Mono<ServerResponse> respond(ServerRequest request) {
        CallHead head = CallHead.of(request);
        return bodies.json(request, RequestBody.TEXT_LIMIT)
                .map(ResponseRequest::of)
                .flatMap(question -> question.stream()
                        ? streams.answer(
                                request,
                                events(question, answer(question), head)
                                        .map(event -> ServerEvent.of(event.name(), event.data())))
                        : whole(question, head).flatMap(JsonAnswer::ok));
    }

    private Mono<ObjectNode> whole(ResponseRequest question, CallHead head) {
        ResponseEvents answer = answer(question);
        return events(question, answer, head).then(Mono.fromSupplier(answer::response));
    }

    private static ResponseEvents answer(ResponseRequest question) {
        String id = "resp_" + UUID.randomUUID().toString().replace("-", "");
        return new ResponseEvents(question, new AnswerHead(id, Instant.now().getEpochSecond()));
    }

    private Flux<NamedEvent> events(ResponseRequest question, ResponseEvents answer, CallHead head) {
        GenerateRequest chat = question.text().choices().getFirst();
        return new SentNames(question.sent())
                .of(decoding.stream(DecodingServiceGrpc.getGenerateMethod(), chat, head))
                .concatMapIterable(answer::of, 1);
    }
}
