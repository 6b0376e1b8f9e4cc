package io.tern.gateway.web;

import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * One route.
 *
 * @param methods one, and HEAD besides where it is GET and its answer has an end
 * @param pattern as {@code /v1/models/{id}}, also the key in openapi.json
 */
public record Endpoint(Set<HttpMethod> methods, String pattern, HandlerFunction<ServerResponse> handler) {
    public Endpoint {
        methods = Set.copyOf(methods);
    }

    /** HEAD has the same answer without its body. */
    public static Endpoint get(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(Set.of(HttpMethod.GET, HttpMethod.HEAD), pattern, handler);
    }

    /** A GET whose answer goes on for as long as there is something to tell. */
    public static Endpoint stream(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(Set.of(HttpMethod.GET), pattern, handler);
    }

    public static Endpoint post(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(Set.of(HttpMethod.POST), pattern, handler);
    }

    public static Endpoint delete(String pattern, HandlerFunction<ServerResponse> handler) {
        return new Endpoint(Set.of(HttpMethod.DELETE), pattern, handler);
    }
}
