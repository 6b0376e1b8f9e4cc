package io.tern.gateway.detections;

import io.tern.embedding.v1.EmbeddingServiceGrpc;
import io.tern.gateway.upstream.Upstream;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestBody;
import io.tern.gateway.web.RequestId;
import io.tern.wire.vision.SimilarJson;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/similar}. */
public final class SimilarHandler {
    private final RequestBody bodies;
    private final Upstream detection;

    /** @param detection the service in whose process the encoders are */
    public SimilarHandler(RequestBody bodies, Upstream detection) {
        this.bodies = bodies;
        this.detection = detection;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/v1/similar", this::handle));
    }

    private Mono<ServerResponse> handle(ServerRequest request) {
        return bodies.json(request, RequestBody.PICTURE_LIMIT)
                .map(SimilarJson::request)
                .flatMap(question ->
                        detection.unary(EmbeddingServiceGrpc.getFindSimilarMethod(), question, RequestId.of(request)))
                .flatMap(answer -> JsonAnswer.ok(SimilarJson.answer(answer)));
    }
}
