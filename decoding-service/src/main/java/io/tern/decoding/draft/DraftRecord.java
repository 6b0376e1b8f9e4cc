package io.tern.decoding.draft;

/**
 * How a way to draft has done, in this text and in all before: how far its drafts went of what was asked, and how much of
 * them stood. Where it does not pay it rests, for longer each time, and is tried again. Owned by one sequence.
 */
final class DraftRecord {
    private static final int FIRST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 128;

    private final DraftHistory history;
    private final AcceptanceEstimate grown;
    private final AcceptanceEstimate stood;
    private int pause = FIRST_PAUSE;
    private int pauseLeft;

    DraftRecord(DraftHistory history) {
        this.history = history;
        this.grown = AcceptanceEstimate.ofText(history.grown().rates());
        this.stood = AcceptanceEstimate.ofText(history.stood().rates());
    }

    /**
     * What to expect of a draft that may be so deep.
     *
     * @param levels that the drafter runs; it runs one more than it drafts where it ends a path itself
     * @param depth of the draft
     * @param accepted of its tokens
     */
    record Expectation(double levels, double depth, double accepted) {}

    /** @return for each depth from 1 on, at its index less one */
    Expectation[] expectations(int deepest) {
        double[] goesOn = grown.rates();
        double[] stands = stood.rates();
        Expectation[] expectations = new Expectation[deepest];
        double reached = 1;
        double right = 1;
        double levels = 0;
        double depth = 0;
        double accepted = 0;
        for (int i = 0; i < deepest; i++) {
            int known = Math.min(i, AcceptanceEstimate.DEEPEST - 1);
            levels += reached;
            reached *= goesOn[known];
            right *= goesOn[known] * stands[known];
            depth += reached;
            accepted += right;
            expectations[i] = new Expectation(levels, depth, accepted);
        }
        return expectations;
    }

    void observe(int asked, int drafted, int accepted) {
        grown.observe(asked, drafted);
        stood.observe(drafted, accepted);
        history.grown().observe(asked, drafted);
        history.stood().observe(drafted, accepted);
        pause = accepted > 0 ? FIRST_PAUSE : pause;
    }

    boolean resting() {
        return pauseLeft > 0;
    }

    void rest() {
        pauseLeft = pause;
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }

    /** A step has gone by. */
    void tick() {
        if (pauseLeft > 0 && --pauseLeft == 0) {
            grown.forget(history.grown().hopes());
            stood.forget(history.stood().hopes());
        }
    }
}
