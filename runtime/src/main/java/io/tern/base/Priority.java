package io.tern.base;

/** Whose turn is first; within one, first come, first served. */
public enum Priority {
    /** Somebody waits for the answer. */
    LIVE,
    /** Work that outlives a request. */
    BATCH
}
