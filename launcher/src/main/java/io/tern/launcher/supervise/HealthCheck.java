package io.tern.launcher.supervise;

import java.net.URI;

/** One question for a container's health check, where no other HTTP client is at hand: exit code 0 if the answer is 200. */
public final class HealthCheck {
    private HealthCheck() {}

    public static void main(String[] arguments) {
        System.exit(HealthProbe.http().isWell(URI.create(arguments[0])) ? 0 : 1);
    }
}
