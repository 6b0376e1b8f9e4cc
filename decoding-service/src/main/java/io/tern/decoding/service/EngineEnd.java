package io.tern.decoding.service;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an engine has died: it answers nothing any more, and only a new process will. Callers get their
 * typed errors first. Not by an ordinary exit, which would wait for a run that hangs.
 */
final class EngineEnd implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(EngineEnd.class);
    private static final Duration FOR_ERRORS_TO_LEAVE = Duration.ofSeconds(2);
    /** EX_SOFTWARE of sysexits.h. */
    private static final int EXIT_CODE = 70;

    @Override
    public void run() {
        Thread.ofPlatform().daemon().name("engine-end").start(() -> {
            log.error("the engine of a model has ended; this process ends, for another to take its place");
            try {
                Thread.sleep(FOR_ERRORS_TO_LEAVE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(EXIT_CODE);
        });
    }
}
