package io.tern.decoding.convert;

/** Where the halves of a layer are normalised. */
enum BlockNorms {
    /** What goes into each half. */
    BEFORE(true, false),
    /** What each half adds to the residual. */
    AFTER(false, true),
    BOTH(true, true);

    private final boolean before;
    private final boolean after;

    BlockNorms(boolean before, boolean after) {
        this.before = before;
        this.after = after;
    }

    boolean before() {
        return before;
    }

    boolean after() {
        return after;
    }
}
