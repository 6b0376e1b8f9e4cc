package io.tern.text.call;

import java.util.List;

/**
 * A fenced block of code with a call in JSON or in Python, {@code weather(city="Oslo")}; or an object of JSON as the whole
 * answer.
 */
final class GemmaCalls implements CallSyntax {
    private static final String FENCE = "```";
    private static final List<String> FENCES = List.of(FENCE + "tool_code", FENCE + "tool_call", FENCE + "json");

    @Override
    public Reading read(String text, Place before, boolean whole) {
        int bare = Marks.behindSpace(text, 0);
        if (before == Place.BEGINNING && bare < text.length() && text.charAt(bare) == '{') {
            return JsonCalls.read(text, bare, whole);
        }
        int begin = Marks.first(text, FENCES);
        String fence = FENCES.stream()
                .filter(one -> text.startsWith(one, begin))
                .findFirst()
                .orElse("");
        if (fence.isEmpty()) {
            boolean blank = before == Place.BEGINNING && bare == text.length();
            return Reading.said(whole ? text.length() : blank ? 0 : begin);
        }
        int from = begin + fence.length();
        int close = text.indexOf(FENCE, from);
        if (close < 0 && !whole) {
            return Reading.said(begin);
        }
        String body = text.substring(from, close < 0 ? text.length() : close);
        int end = close < 0 ? text.length() : close + FENCE.length();
        List<Call> calls = JsonCalls.parse(body);
        return Reading.calls(begin, end, calls.isEmpty() ? PythonCalls.parse(body) : calls);
    }
}
