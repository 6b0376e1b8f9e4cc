package io.tern.gateway.openai;

import io.tern.gateway.web.RequestId;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.server.ServerWebExchange;

/** Other OpenAI-compatible servers, proxied by Spring Cloud Gateway under {@code /upstreams/NAME/v1}. */
public final class OpenAiServers {
    private OpenAiServers() {}

    /** @param servers base address by name, as {@code https://host:port/base}: under it lies {@code /v1} */
    public static RouteLocator routes(RouteLocatorBuilder builder, Map<String, URI> servers) {
        RouteLocatorBuilder.Builder routes = builder.routes();
        servers.forEach((name, uri) -> {
            String base = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/$", "");
            routes.route(
                    "openai-" + name,
                    route -> route.path("/upstreams/" + name + "/v1/**")
                            .and()
                            .predicate(OpenAiServers::staysBelow)
                            .filters(filters -> filters.filter(requestId())
                                    .rewritePath("/upstreams/" + name + "/", base + "/")
                                    .removeRequestHeader(HttpHeaders.COOKIE)
                                    .removeResponseHeader(HttpHeaders.SET_COOKIE))
                            .uri(uri));
        });
        return routes.build();
    }

    /** No segment goes up, encoded or not: the server behind may well resolve it, and only its {@code /v1} is offered. */
    private static boolean staysBelow(ServerWebExchange exchange) {
        return exchange.getRequest().getPath().pathWithinApplication().elements().stream()
                .filter(PathSegment.class::isInstance)
                .map(segment -> ((PathSegment) segment).valueToMatch())
                .noneMatch(decoded -> List.of(decoded.split("[/\\\\]")).contains(".."));
    }

    /** The server behind hears the same request id as ours do. */
    private static GatewayFilter requestId() {
        return (exchange, chain) -> chain.filter(exchange.mutate()
                .request(request -> request.header(RequestId.HEADER, RequestId.of(exchange)))
                .build());
    }
}
