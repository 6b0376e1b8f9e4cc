package io.tern.imaging;

/**
 * A box to draw, in pixels of the picture.
 *
 * @param label text at the box; empty for none
 * @param kind which colour: equal numbers (0 and up) look equal, neighbours differ
 */
public record Annotation(float x1, float y1, float x2, float y2, String label, int kind) {
    public Annotation {
        if (!(x1 <= x2 && y1 <= y2)) { // so that NaN fails too
            throw new IllegalArgumentException(
                    "box: " + x1 + ", " + y1 + ", " + x2 + ", " + y2 + " (expected: x1 <= x2, y1 <= y2)");
        }
        if (kind < 0) {
            throw new IllegalArgumentException("kind: " + kind + " (expected: >= 0)");
        }
    }
}
