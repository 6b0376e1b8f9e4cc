package io.tern.gateway.web;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * One route.
 *
 * @param pattern as {@code /v1/models/{id}}, also the key in openapi.json
 */
public record Endpoint(HttpMethod method, String pattern, HandlerFunction<ServerResponse> handler) {
    public static Endpoint get(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(HttpMethod.GET, pattern, handler);
    }

    public static Endpoint post(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(HttpMethod.POST, pattern, handler);
    }

    public static Endpoint delete(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(HttpMethod.DELETE, pattern, handler);
    }
}
