package io.tern.gateway.web;

import io.tern.wire.StrictJson;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** JSON as an answer. */
public final class JsonAnswer {
    private JsonAnswer() {}

    public static Mono<ServerResponse> ok(JsonNode body) {
        return of(HttpStatus.OK, body);
    }

    public static Mono<ServerResponse> of(HttpStatus status, JsonNode body) {
        return of(ServerResponse.status(status), body);
    }

    public static Mono<ServerResponse> of(ServerResponse.BodyBuilder answer, JsonNode body) {
        return answer.contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .bodyValue(StrictJson.bytes(body));
    }
}
