package io.tern.launcher.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

    public static Optional<Service> named(String label) {
        return Arrays.stream(values())
                .filter(service -> service.label().equals(label))
                .findFirst();
    }
}
