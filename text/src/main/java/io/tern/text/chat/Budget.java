package io.tern.text.chat;

import io.tern.text.MarkedText;

/** What one rendering may still use. Owned by its thread. */
final class Budget {
    /** Far beyond what a template needs for the longest conversation that is served. */
    private static final int STEPS = 2_000_000;

    /** A chain of so many operators is one tree; a deeper one could end the stack. */
    private static final int DEEPEST = 500;

    private final int longestText;
    private int depth;
    private int stepsLeft = STEPS;

    /** @param longestText characters of the output and of any text on the way to it */
    Budget(int longestText) {
        this.longestText = longestText;
    }

    /** Called for each statement, expression and item. */
    void step(int line) {
        if (--stepsLeft < 0) {
            throw new TemplateException(line, "more than " + STEPS + " steps");
        }
    }

    /** Goes one expression deeper, which is a step too. An error ends the rendering, so nothing goes back up then. */
    void enter(int line) {
        step(line);
        if (++depth > DEEPEST) {
            throw new TemplateException(line, "an expression deeper than " + DEEPEST);
        }
    }

    void leave() {
        depth--;
    }

    void checkLength(long length, int line) {
        if (length > longestText) {
            throw new TemplateException(line, "a text or list longer than " + longestText);
        }
    }

    Value.Text text(MarkedText text, int line) {
        checkLength(text.length(), line);
        // Work on a text costs as many steps as it has pages, so that copying it over and over is bounded too.
        stepsLeft -= text.length() / 4096;
        return new Value.Text(text);
    }
}
