package io.tern.gateway.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;

/** All routes of the API. A known path asked with another method is answered 405 with what it allows. */
public record RouteTable(List<Endpoint> endpoints) {
    public RouteTable {
        endpoints = List.copyOf(endpoints);
    }

    public RouterFunction<ServerResponse> router() {
        RouterFunctions.Builder router = RouterFunctions.route();
        for (Endpoint endpoint : endpoints) {
            router.route(
                    RequestPredicates.methods(endpoint.methods().toArray(HttpMethod[]::new))
                            .and(RequestPredicates.path(endpoint.pattern())),
                    endpoint.handler());
        }
        methods()
                .forEach((pattern, allowed) -> router.route(
                        RequestPredicates.path(pattern),
                        request -> Mono.error(new MethodNotAllowedException(request.method(), allowed))));
        return router.build();
    }

    private Map<String, Set<HttpMethod>> methods() {
        return endpoints.stream()
                .collect(Collectors.groupingBy(
                        Endpoint::pattern,
                        LinkedHashMap::new,
                        Collectors.flatMapping(
                                endpoint -> endpoint.methods().stream(), Collectors.toCollection(TreeSet::new))));
    }
}
