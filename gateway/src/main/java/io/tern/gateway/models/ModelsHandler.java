package io.tern.gateway.models;

import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.gateway.web.RequestId;
import io.tern.wire.ModelsJson;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/models} and {@code /v1/models/{id}}. */
public final class ModelsHandler {
    private final ModelList models;

    public ModelsHandler(ModelList models) {
        this.models = models;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/v1/models", this::list), Endpoint.get("/v1/models/{id}", this::get));
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        return models.served(RequestId.of(request)).flatMap(served -> JsonAnswer.ok(ModelsJson.list(served.models())));
    }

    private Mono<ServerResponse> get(ServerRequest request) {
        String id = request.pathVariable("id");
        return models.served(RequestId.of(request))
                .flatMap(served -> JsonAnswer.ok(ModelsJson.model(served.named(id))));
    }
}
