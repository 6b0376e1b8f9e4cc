package io.tern.text.call;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code [TOOL_CALLS][{"name": ..., "arguments": {...}}, ...]}, and the later {@code [TOOL_CALLS]name[ARGS]{...}} with a
 * mark for each call and now and then an id between.
 */
final class MistralCalls implements CallSyntax {
    static final String MARK = "[TOOL_CALLS]";
    static final String ID = "[CALL_ID]";
    static final String ARGUMENTS = "[ARGS]";

    private static final Pattern NAMED =
            Pattern.compile("([\\w.-]{1,64})\\s{0,8}(?:\\[CALL_ID][\\w-]{1,64}\\s{0,8})?\\[ARGS]\\s{0,8}");

    @Override
    public Reading read(String text, Place before, boolean whole) {
        int begin = Marks.first(text, MARK);
        if (begin > 0) {
            return Reading.said(whole && !text.startsWith(MARK, begin) ? text.length() : begin);
        }
        if (!text.startsWith(MARK)) {
            return whole ? Reading.said(text.length()) : Reading.WAIT;
        }
        int at = Marks.behindSpace(text, MARK.length());
        if (at == text.length()) {
            return whole ? Reading.said(at) : Reading.WAIT;
        }
        return text.charAt(at) == '[' || text.charAt(at) == '{'
                ? JsonCalls.read(text, at, whole)
                : named(text, at, whole);
    }

    private static Reading named(String text, int at, boolean whole) {
        Matcher name = NAMED.matcher(text).region(at, text.length());
        boolean named = name.lookingAt();
        if (!whole && (named ? name.end() == text.length() : name.hitEnd())) {
            return Reading.WAIT;
        }
        return named && text.startsWith("{", name.end())
                ? JsonCalls.readArguments(name.group(1), text, name.end(), whole)
                : Reading.said(at);
    }
}
