package io.tern.detection.image;

/** How pictures are fitted into a network's input: of which size the input is, and where the picture lies in it. */
@FunctionalInterface
public interface Fit {
    Placement place(int pictureWidth, int pictureHeight);

    /** Letterboxed in the middle of an input of this size. */
    static Fit centred(int width, int height) {
        return (w, h) -> Placement.centred(w, h, width, height);
    }

    /** Letterboxed in the upper left corner of an input of this size. */
    static Fit topLeft(int width, int height) {
        return (w, h) -> Placement.topLeft(w, h, width, height);
    }

    /** Stretched to this size. */
    static Fit stretched(int width, int height) {
        return (w, h) -> Placement.stretched(w, h, width, height);
    }

    /**
     * At its own size, but smaller if its sides are longer than these, and with this many pixels at least.
     *
     * @param shorter greatest length of the shorter side
     * @param longer greatest length of the longer side
     */
    static Fit ownSize(int shorter, int longer, int least) {
        return (w, h) -> {
            double scale = Math.min(1, Math.min((double) shorter / Math.min(w, h), (double) longer / Math.max(w, h)));
            return scaled(w, h, scale, least);
        };
    }

    /** Scaled up or down until the shorter side has this length, or the longer one its greatest. */
    static Fit shortestSide(int shorter, int longer) {
        return (w, h) -> {
            double scale = Math.min((double) shorter / Math.min(w, h), (double) longer / Math.max(w, h));
            return scaled(w, h, scale, 1);
        };
    }

    private static Placement scaled(int width, int height, double scale, int least) {
        return Placement.stretched(
                width, height, Math.max(least, (int) Math.round(width * scale)), Math.max(least, (int)
                        Math.round(height * scale)));
    }
}
