package io.tern.gateway.health;

/** Asks something we need whether it is there; called again and again on one virtual thread. */
public interface Probe {
    /** As {@code detection}. */
    String name();

    Answer ask();

    /** What it said. */
    enum Answer {
        UP,
        DOWN,
        /** It may only be busy: not down before it has been silent several times. */
        SILENT
    }
}
