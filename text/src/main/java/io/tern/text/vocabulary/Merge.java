package io.tern.text.vocabulary;

/** A rule of byte-pair encoding: two neighbours that become one token. */
public record Merge(String left, String right) {
    /** @param text both, with a space between */
    public static Merge of(String text) {
        int space = text.indexOf(' ', 1);
        if (space < 0) {
            throw new IllegalArgumentException("merge: " + text + " (expected: two tokens)");
        }
        return new Merge(text.substring(0, space), text.substring(space + 1));
    }
}
