package io.tern.gateway.origin;

import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemException;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers only those who call it by an address, by {@code localhost} or by a name it was told. A page can give its own
 * name the address of this server once it is loaded (DNS rebinding); to the browser both are then one site, whose answers
 * the page may read. The name stays the page's, and gives it away.
 */
public final class KnownHosts implements WebFilter {
    private static final String ANY = "*";

    private final Set<String> names;

    /** @param names beside addresses and {@code localhost}; {@code *}: any */
    public KnownHosts(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String host = exchange.getRequest().getHeaders().getFirst("Host");
        if (host == null || names.contains(ANY) || isKnown(withoutPort(host).toLowerCase(Locale.ROOT))) {
            return chain.filter(exchange);
        }
        String message = "host: another name (expected: an address, localhost, or one of tern.hosts)";
        return Mono.error(new ProblemException(new Problem(HttpStatus.FORBIDDEN, "forbidden", message), null));
    }

    private boolean isKnown(String host) {
        return host.startsWith("[") || host.matches("[0-9.]+") || host.equals("localhost") || names.contains(host);
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":[0-9]*$", "");
    }
}
