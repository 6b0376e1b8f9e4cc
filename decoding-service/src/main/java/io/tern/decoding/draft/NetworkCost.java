package io.tern.decoding.draft;

/**
 * What a drafter computes, in forwards of the target for one token: the least that was seen, since other work only ever
 * adds, and code that is new to the machine is slow. Safe for use by many threads.
 */
final class NetworkCost {
    /** A copy's: finding it is next to nothing. */
    static final NetworkCost NONE = new NetworkCost(0, 0);

    /** A reading of fewer tokens is part of what each draft costs. */
    private static final int READING = 8;

    private double token;
    private double reading;

    /**
     * @param token of one drafted token, in a chain
     * @param reading of a settled token that it must know before it drafts
     */
    NetworkCost(double token, double reading) {
        this.token = token;
        this.reading = reading;
    }

    synchronized double token() {
        return token;
    }

    /** Never more than a drafted one, which is read as well. */
    synchronized double reading() {
        return Math.min(token, reading);
    }

    /**
     * What a chain has cost.
     *
     * @param levels that the drafter has run, at least 1
     * @param read settled tokens that it has read for it
     */
    synchronized void observe(double forwards, int levels, int read) {
        if (read < READING) {
            token = Math.min(token, forwards / levels);
        } else {
            reading = Math.min(reading, Math.max(0, forwards - levels * token) / read);
        }
    }

    @Override
    public synchronized String toString() {
        return "%.3f a drafted token, %.4f a token read".formatted(token, reading());
    }
}
