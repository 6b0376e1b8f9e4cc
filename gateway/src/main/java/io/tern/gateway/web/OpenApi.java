package io.tern.gateway.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /openapi.json}: the description beside this class, written by hand and tested against the routes. */
public final class OpenApi implements HandlerFunction<ServerResponse> {
    private final byte[] document;

    public OpenApi() {
        try (InputStream resource = OpenApi.class.getResourceAsStream("openapi.json")) {
            document = Objects.requireNonNull(resource, "openapi.json").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Mono<ServerResponse> handle(ServerRequest request) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(document);
    }
}
