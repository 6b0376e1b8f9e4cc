package io.tern.gateway.batches;

import java.util.Locale;

/** OpenAI's states of a batch. */
enum BatchStatus {
    VALIDATING(false),
    FAILED(true),
    IN_PROGRESS(false),
    FINALIZING(false),
    COMPLETED(true),
    EXPIRED(true),
    CANCELLING(false),
    CANCELLED(true);

    private final boolean over;

    BatchStatus(boolean over) {
        this.over = over;
    }

    /** Whether it never changes again. */
    boolean isOver() {
        return over;
    }

    /** Whether lines may still be asked. */
    boolean isCancellable() {
        return this == VALIDATING || this == IN_PROGRESS;
    }

    /** The word on the wire. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
