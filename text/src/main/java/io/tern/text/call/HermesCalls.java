package io.tern.text.call;

/** {@code <tool_call>{"name": ..., "arguments": {...}}</tool_call>}, anywhere in an answer; the last end may be left out. */
final class HermesCalls implements CallSyntax {
    private static final String OPEN = "<tool_call>";
    private static final String CLOSE = "</tool_call>";

    @Override
    public Reading read(String text, Place before, boolean whole) {
        int begin = Marks.first(text, OPEN);
        if (!text.startsWith(OPEN, begin)) {
            return Reading.said(whole ? text.length() : begin);
        }
        int close = text.indexOf(CLOSE, begin);
        if (close < 0 && !whole) {
            return Reading.said(begin);
        }
        String body = text.substring(begin + OPEN.length(), close < 0 ? text.length() : close);
        return Reading.calls(begin, close < 0 ? text.length() : close + CLOSE.length(), JsonCalls.parse(body));
    }
}
