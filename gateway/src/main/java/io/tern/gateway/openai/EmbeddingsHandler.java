package io.tern.gateway.openai;

import io.tern.embedding.v1.EmbeddingServiceGrpc;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.JsonCall;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.wire.vision.EmbeddingsJson;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}. */
public final class EmbeddingsHandler {
    private final RequestBody bodies;
    private final Upstream detection;

    /** @param detection the service in whose process the encoders are */
    public EmbeddingsHandler(RequestBody bodies, Upstream detection) {
        this.bodies = bodies;
        this.detection = detection;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/v1/embeddings", this::handle));
    }

    private Mono<ServerResponse> handle(ServerRequest request) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT)
                .map(this::question)
                .flatMap(question -> question.ask(CallHead.of(request)))
                .flatMap(JsonAnswer::ok);
    }

    public JsonCall call() {
        return (body, _) -> question(body);
    }

    private JsonCall.Question question(ObjectNode body) {
        var question = EmbeddingsJson.request(body);
        return head -> detection
                .unary(EmbeddingServiceGrpc.getEmbedMethod(), question.embed(), head.requestId())
                .map(answer -> EmbeddingsJson.answer(question, answer));
    }
}
