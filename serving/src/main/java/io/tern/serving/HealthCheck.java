package io.tern.serving;

/** A part of a service that may break for good. Once it has, the process is not ready any more and should be replaced. */
@FunctionalInterface
public interface HealthCheck {
    boolean isHealthy();
}
