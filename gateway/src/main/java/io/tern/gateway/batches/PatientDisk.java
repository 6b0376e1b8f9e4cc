package io.tern.gateway.batches;

import io.tern.base.TernException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk that is full or away ends no batch: what it did not do is done again until it does.
 *
 * @param batch whose log lines these are
 */
record PatientDisk(String batch) {
    private static final Logger log = LoggerFactory.getLogger(PatientDisk.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** What can be done more than once. */
    @FunctionalInterface
    interface Question<T extends @Nullable Object> {
        T ask() throws IOException, InterruptedException;
    }

    /** What can be done more than once. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException, InterruptedException;
    }

    <T extends @Nullable Object> T get(Question<T> question) throws InterruptedException {
        while (true) {
            try {
                return question.ask();
            } catch (IOException | TernException e) {
                log.warn("batch {}: the disk cannot be used now: {}", batch, e.toString());
                Thread.sleep(AGAIN);
            }
        }
    }

    void run(Action action) throws InterruptedException {
        get(() -> {
            action.run();
            return true;
        });
    }
}
