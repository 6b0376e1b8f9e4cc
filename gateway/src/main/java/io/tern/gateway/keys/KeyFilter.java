package io.tern.gateway.keys;

import io.tern.gateway.images.PictureLinks;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
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
    private static final String OTHER_SERVERS = "upstreams";
    private static final Set<String> GUARDED = Set.of("v1", "v2", "sdapi", "tokenize", "detokenize", OTHER_SERVERS);
    /** Below these lie pictures, behind signed links, and the protocol's own health. */
    private static final List<List<String>> FOR_EVERYBODY =
            Stream.of(PictureLinks.ROUTE, "/v2/health").map(KeyFilter::parts).toList();

    private final Keyring keyring;

    public KeyFilter(Keyring keyring) {
        this.keyring = keyring;
    }

    /**
     * Who has sent a request.
     *
     * @throws IllegalStateException on a route that asks for no key
     */
    public static Caller caller(ServerRequest request) {
        return (Caller) request.attribute(CALLER)
                .orElseThrow(() -> new IllegalStateException("no key was asked for on " + request.path()));
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        List<String> path = segments(exchange);
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
        boolean ours = path.getFirst().equals(OTHER_SERVERS) && caller != Caller.ANYBODY;
        return chain.filter(ours ? withoutKey(exchange) : exchange);
    }

    /** As routes match them: decoded, and without parameters. */
    private static List<String> segments(ServerWebExchange exchange) {
        return exchange.getRequest().getPath().pathWithinApplication().elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(segment -> ((PathContainer.PathSegment) segment).valueToMatch())
                .toList();
    }

    private static boolean isGuarded(List<String> path) {
        return !path.isEmpty()
                && GUARDED.contains(path.getFirst())
                && FOR_EVERYBODY.stream().noneMatch(open -> isBelow(path, open));
    }

    private static boolean isBelow(List<String> path, List<String> folder) {
        return path.size() > folder.size() && path.subList(0, folder.size()).equals(folder);
    }

    private static List<String> parts(String route) {
        return Stream.of(route.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    private static ServerWebExchange withoutKey(ServerWebExchange exchange) {
        return exchange.mutate()
                .request(request -> request.headers(headers -> headers.remove(HttpHeaders.AUTHORIZATION)))
                .build();
    }
}
