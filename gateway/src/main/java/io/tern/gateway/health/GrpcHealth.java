package io.tern.gateway.health;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.tern.gateway.health.HealthWatch.Health;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tells {@code grpc.health.v1.Health} what the watch found: each gRPC service as what stands behind it, "" as all. */
public final class GrpcHealth implements Consumer<Health> {
    private final HealthStatusManager manager;
    private final Map<String, List<String>> grpcServices;

    /** @param grpcServices full names of gRPC services, by the name of what they need */
    public GrpcHealth(HealthStatusManager manager, Map<String, List<String>> grpcServices) {
        this.manager = manager;
        this.grpcServices = Map.copyOf(grpcServices);
    }

    @Override
    public void accept(Health health) {
        grpcServices.forEach((needed, services) -> {
            boolean up = health.up().getOrDefault(needed, false) && !health.goingDown();
            services.forEach(service -> manager.setStatus(service, status(up)));
        });
        manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status(health.isReady()));
    }

    private static ServingStatus status(boolean up) {
        return up ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }
}
