package io.tern.gateway.web;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives every answer, errors and static files too, its request id and the headers that keep browsers safe. */
public final class EdgeFilter implements WebFilter, Ordered {
    /** The console needs its own files, pictures it was sent as data: or made as blob:, and nothing else. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String requestId = RequestId.of(exchange);
        // As the last act before the head is sent, so that nothing behind us can replace or double them.
        exchange.getResponse()
                .beforeCommit(() -> Mono.fromRunnable(() -> {
                    HttpHeaders headers = exchange.getResponse().getHeaders();
                    headers.set(RequestId.HEADER, requestId);
                    headers.set("X-Content-Type-Options", "nosniff");
                    headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
                    headers.set("X-Frame-Options", "DENY");
                    headers.set("Referrer-Policy", "no-referrer");
                    headers.set("Cross-Origin-Resource-Policy", "same-origin");
                }));
        return chain.filter(exchange);
    }
}
