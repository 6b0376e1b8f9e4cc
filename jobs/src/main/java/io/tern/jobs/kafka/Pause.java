package io.tern.jobs.kafka;

import java.time.Duration;

/** A rest before the next try. */
final class Pause {
    private Pause() {}

    /** Ends early when the thread is interrupted, which stays known. */
    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
