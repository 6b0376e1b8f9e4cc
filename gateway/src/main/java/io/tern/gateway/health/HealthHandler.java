package io.tern.gateway.health;

import io.tern.gateway.health.HealthWatch.Health;
import io.tern.gateway.web.Endpoint;
import io.tern.gateway.web.JsonAnswer;
import io.tern.wire.StrictJson;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /health/live}: this process answers. {@code /health/ready}, and {@code /health} as vLLM and llama.cpp call it: all
 * that it needs answers too. Each names the parts.
 */
public final class HealthHandler {
    private final HealthWatch watch;

    public HealthHandler(HealthWatch watch) {
        this.watch = watch;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/health", this::ready),
                Endpoint.get("/health/live", this::live),
                Endpoint.get("/health/ready", this::ready));
    }

    private Mono<ServerResponse> live(ServerRequest request) {
        return JsonAnswer.ok(body(watch.health(), true));
    }

    private Mono<ServerResponse> ready(ServerRequest request) {
        Health health = watch.health();
        return JsonAnswer.of(
                health.isReady() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, body(health, health.isReady()));
    }

    private static ObjectNode body(Health health, boolean up) {
        ObjectNode node = StrictJson.newObject().put("status", word(up));
        ObjectNode services = node.putObject("services");
        health.up().forEach((name, isUp) -> services.putObject(name).put("status", word(isUp)));
        return node;
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
