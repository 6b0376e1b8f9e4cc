package io.tern.inference.service;

/** When the parts of a request begin. Written by its thread and by the worker that runs it, never by both at once. */
final class Phases {
    private final long arrival = System.nanoTime();
    private long input;
    private long infer;
    private long output;

    /** Its turn has come: inputs are copied. */
    void inputs() {
        input = System.nanoTime();
    }

    void runs() {
        infer = System.nanoTime();
    }

    /** The graph has run: the answer is made. */
    void outputs() {
        output = System.nanoTime();
    }

    /** Since the request has come. */
    long elapsedNanos() {
        return System.nanoTime() - arrival;
    }

    long queueNanos() {
        return input - arrival;
    }

    long inputNanos() {
        return infer - input;
    }

    long inferNanos() {
        return output - infer;
    }
}
