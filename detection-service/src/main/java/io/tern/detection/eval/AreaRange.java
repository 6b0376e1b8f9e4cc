package io.tern.detection.eval;

/** Objects by size, in pixels of their area; both ends belong to it. */
enum AreaRange {
    ALL(0, 1e10),
    SMALL(0, 32 * 32),
    MEDIUM(32 * 32, 96 * 96),
    LARGE(96 * 96, 1e10);

    private final double least;
    private final double most;

    AreaRange(double least, double most) {
        this.least = least;
        this.most = most;
    }

    boolean holds(double area) {
        return least <= area && area <= most;
    }
}
