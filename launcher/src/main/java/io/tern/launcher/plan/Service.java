package io.tern.launcher.plan;

import io.tern.launcher.LaunchFailure;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The five processes, in the order in which they are shown. They may start in any order. */
public enum Service {
    KAFKA,
    DETECTION,
    GENERATION,
    DECODING,
    GATEWAY;

    /** How it is called on the command line, in files and in tables: {@code kafka}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it serves models. */
    public boolean isModelService() {
        return this == DETECTION || this == GENERATION || this == DECODING;
    }

    /** @throws LaunchFailure for another name */
    public static Service named(String label) {
        return Arrays.stream(values())
                .filter(service -> service.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new LaunchFailure("there is no service " + label, "choose one of " + labels()));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Service::label).collect(Collectors.joining(", "));
    }
}
