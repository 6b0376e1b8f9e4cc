package io.tern.text.call;

import java.util.List;

/** Where something begins that is known by a word. */
final class Marks {
    private Marks() {}

    /** The place of the first of them, or where one may begin at the end of the text, or the text's length. */
    static int first(String text, List<String> marks) {
        int first = text.length();
        for (String mark : marks) {
            first = Math.min(first, first(text, mark));
        }
        return first;
    }

    static int first(String text, String mark) {
        int found = text.indexOf(mark);
        if (found >= 0) {
            return found;
        }
        int at = Math.max(0, text.length() - mark.length() + 1);
        while (at < text.length() && !mark.startsWith(text.substring(at))) {
            at++;
        }
        return at;
    }

    static int behindSpace(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
