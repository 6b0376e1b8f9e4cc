package io.tern.gateway.web;

import io.grpc.Metadata;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;

/** Names a request in answers and logs, here and in the services. The client's own name is kept if it is harmless. */
public final class RequestId {
    public static final String HEADER = "X-Request-Id";

    /** The same in gRPC. */
    public static final Metadata.Key<String> METADATA = Metadata.Key.of(HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ATTRIBUTE = RequestId.class.getName();

    private RequestId() {}

    /** The proposed one, or a new one where that is missing or not 1..64 of {@code [A-Za-z0-9._-]}. */
    public static String keepOrMake(@Nullable String proposed) {
        return proposed != null && VALID.matcher(proposed).matches()
                ? proposed
                : UUID.randomUUID().toString();
    }

    public static String of(ServerRequest request) {
        return of(request.exchange());
    }

    public static String of(ServerWebExchange exchange) {
        return (String) exchange.getAttributes()
                .computeIfAbsent(
                        ATTRIBUTE,
                        _ -> keepOrMake(exchange.getRequest().getHeaders().getFirst(HEADER)));
    }
}
