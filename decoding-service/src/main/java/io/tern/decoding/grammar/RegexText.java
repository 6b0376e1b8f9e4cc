package io.tern.decoding.grammar;

import io.tern.base.TernException;

/** A regular expression as it is read, from left to right. Owned by one parser. */
final class RegexText {
    private final String pattern;
    private final String field;
    private int at;

    /** @param field of the request that holds it, for errors */
    RegexText(String pattern, String field) {
        this.pattern = pattern;
        this.field = field;
    }

    boolean isAtEnd() {
        return at == pattern.length();
    }

    /** Where the next character stands, for {@link #error}. */
    int place() {
        return at;
    }

    /** Reads on from an earlier place. */
    void back(int place) {
        at = place;
    }

    /** The next character, half of one outside the basic plane; 0 at the end. */
    char peek() {
        return isAtEnd() ? 0 : pattern.charAt(at);
    }

    boolean isNext(String text) {
        return pattern.startsWith(text, at);
    }

    boolean take(char c) {
        return take(Character.toString(c));
    }

    boolean take(String text) {
        boolean is = isNext(text);
        at += is ? text.length() : 0;
        return is;
    }

    int codePoint() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    /** All up to this text, which is passed over; stays where it is and returns "" if it does not come. */
    String until(String end) {
        int found = pattern.indexOf(end, at);
        if (found < 0) {
            return "";
        }
        String before = pattern.substring(at, found);
        at = found + end.length();
        return before;
    }

    /** The longest of these characters that come, at most so many. */
    String run(String characters, int most) {
        int begin = at;
        while (!isAtEnd() && at - begin < most && characters.indexOf(peek()) >= 0) {
            at++;
        }
        return pattern.substring(begin, at);
    }

    /** What is wrong, and at which character of the expression, counted from 0. */
    TernException error(int place, String what, String expected) {
        return TernException.invalid(field, what + " at character " + pattern.codePointCount(0, place), expected);
    }
}
