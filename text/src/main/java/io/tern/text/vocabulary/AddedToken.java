package io.tern.text.vocabulary;

/**
 * A token that is cut out of a text before anything else happens to it.
 *
 * @param text whether it is text all the same, as {@code <think>}, and steers nothing
 * @param normalized whether it is looked for in the normalised text
 * @param leftStrip whether it takes the white space before it, and {@code rightStrip} that behind it
 * @param singleWord whether it is none within a word
 */
public record AddedToken(
        String content,
        int id,
        boolean text,
        boolean normalized,
        boolean leftStrip,
        boolean rightStrip,
        boolean singleWord) {
    public static AddedToken plain(String content, int id) {
        return new AddedToken(content, id, false, false, false, false, false);
    }

    public static AddedToken text(String content, int id) {
        return new AddedToken(content, id, true, false, false, false, false);
    }

    /** Whether anybody may write it: text that is no mark, as several line ends in a row. */
    public boolean isHarmless() {
        return text && !content.startsWith("<") && !content.startsWith("[");
    }

    public AddedToken withContent(String other) {
        return new AddedToken(other, id, text, normalized, leftStrip, rightStrip, singleWord);
    }

    /** The same, looked for in the text as it came. */
    public AddedToken raw() {
        return new AddedToken(content, id, text, false, leftStrip, rightStrip, singleWord);
    }

    boolean fits(String from, int begin, int end) {
        return !singleWord
                || !(begin > 0 && isWord(from.codePointBefore(begin)))
                        && !(end < from.length() && isWord(from.codePointAt(end)));
    }

    private static boolean isWord(int c) {
        return Character.isLetterOrDigit(c) || c == '_' || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    /** Where it begins with the white space that it takes, but not before {@code from}. */
    int begin(String in, int from, int begin) {
        int at = begin;
        while (leftStrip && at > from && Characters.isWhitespace(in.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    int end(String in, int end) {
        int at = end;
        while (rightStrip && at < in.length() && Characters.isWhitespace(in.charAt(at))) {
            at++;
        }
        return at;
    }
}
