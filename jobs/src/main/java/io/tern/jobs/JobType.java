package io.tern.jobs;

import io.tern.jobs.v1.JobRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which service does a job. */
public enum JobType {
    DETECTION,
    GENERATION,
    DECODING;

    /** The word on the wire: {@code detection}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<JobType> of(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(wireName))
                .findFirst();
    }

    /** Empty if the request is none that a service does. */
    public static Optional<JobType> of(JobRequest request) {
        return switch (request.getRequestCase()) {
            case DETECTION -> Optional.of(DETECTION);
            case GENERATION -> Optional.of(GENERATION);
            case DECODING, TEXTS -> Optional.of(DECODING);
            case REQUEST_NOT_SET -> Optional.empty();
        };
    }
}
