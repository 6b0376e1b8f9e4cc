package io.tern.gateway.origin;

import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses what a page of another site makes a browser send. A form or a simple request needs nobody's leave to be sent,
 * so without this any page could put work on a server that only its owner's browser can reach.
 */
public final class ForeignOrigin implements WebFilter {
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        boolean changes = request.getMethod() != HttpMethod.GET && request.getMethod() != HttpMethod.HEAD;
        String origin = request.getHeaders().getOrigin();
        if (!changes || origin == null || isOwn(origin, request.getHeaders().getFirst("Host"))) {
            return chain.filter(exchange);
        }
        String message = "origin: another site (expected: this server's own pages, or none)";
        return Mono.error(new ProblemException(new Problem(HttpStatus.FORBIDDEN, "forbidden", message), null));
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }
}
