package io.tern.gateway.health;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.tern.gateway.upstream.Upstream;
import java.util.concurrent.TimeUnit;

/** Asks a service's {@code grpc.health.v1.Health}, and makes its channel connect again at once after a restart. */
public record ServiceProbe(Upstream upstream) implements Probe {
    private static final int PATIENCE_SECONDS = 2;

    @Override
    public String name() {
        return upstream.name();
    }

    @Override
    public Answer ask() {
        upstream.connectAgain();
        try {
            ServingStatus status = HealthGrpc.newBlockingStub(upstream.channel())
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus();
            return status == ServingStatus.SERVING ? Answer.UP : Answer.DOWN;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED ? Answer.SILENT : Answer.DOWN;
        }
    }
}
