package io.tern.gateway.keys;

import io.tern.gateway.images.PictureLinks;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Asks for a key where work is done or told of: health, the console's files, the API's description and signed links to
 * pictures are for everybody. A key of ours does not go on to servers of others.
 */
public final class KeyFilter implements WebFilter {
    private static final String CALLER = Caller.class.getName();
    private static final String OTHER_SERVERS = "/upstreams/";

    private final Keyring keyring;

    public KeyFilter(Keyring keyring) {
        this.keyring = keyring;
    }

    /** Who has sent a request. */
    public static Caller caller(ServerRequest request) {
        return (Caller) request.attribute(CALLER).orElse(Caller.ANYBODY);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().pathWithinApplication().value();
        if (!isGuarded(path)) {
            return chain.filter(exchange);
        }
        Caller caller;
        try {
            caller = keyring.admit(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
        } catch (RuntimeException e) {
            return Mono.error(e);
        }
        exchange.getAttributes().put(CALLER, caller);
        boolean ours = path.startsWith(OTHER_SERVERS) && caller != Caller.ANYBODY;
        return chain.filter(ours ? withoutKey(exchange) : exchange);
    }

    private static boolean isGuarded(String path) {
        return (path.startsWith("/v1/") && !path.startsWith(PictureLinks.ROUTE))
                || path.startsWith("/sdapi/")
                || path.startsWith(OTHER_SERVERS);
    }

    private static ServerWebExchange withoutKey(ServerWebExchange exchange) {
        return exchange.mutate()
                .request(request -> request.headers(headers -> headers.remove(HttpHeaders.AUTHORIZATION)))
                .build();
    }
}
