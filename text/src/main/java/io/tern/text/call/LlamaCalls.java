package io.tern.text.call;

/**
 * {@code {"name": ..., "parameters": {...}}} as the whole answer, or behind {@code <|python_tag|>} anywhere; several with
 * semicolons or white space between them.
 */
final class LlamaCalls implements CallSyntax {
    static final String PYTHON_TAG = "<|python_tag|>";

    @Override
    public Reading read(String text, Place before, boolean whole) {
        int tag = Marks.first(text, PYTHON_TAG);
        int begin = before == Place.WITHIN ? tag : begin(text, before);
        boolean tagged = begin == tag && text.startsWith(PYTHON_TAG, begin);
        int at = tagged ? Marks.behindSpace(text, begin + PYTHON_TAG.length()) : begin;
        if (at == text.length()) { // blanks, or a tag: what follows will tell
            return Reading.said(whole ? at : before == Place.WITHIN ? begin : 0);
        }
        if (text.charAt(at) == '{' && (tagged || before != Place.WITHIN)) {
            return before == Place.WITHIN && begin > 0 ? Reading.said(begin) : JsonCalls.read(text, at, whole);
        }
        return Reading.said(whole ? text.length() : tagged ? at : tag);
    }

    private static int begin(String text, Place before) {
        int at = Marks.behindSpace(text, 0);
        while (before == Place.BEHIND_CALL && at < text.length() && text.charAt(at) == ';') {
            at = Marks.behindSpace(text, at + 1);
        }
        return at;
    }
}
