package io.tern.text.chat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * JSON as Python's {@code json.dumps(value, ensure_ascii=False, indent=indent)} writes it.
 *
 * @param indent blanks a level; below 0 everything stands on one line
 * @param call of the filter, for errors and the budget
 */
record Json(int indent, Call call) {

    String write(Value value) {
        return write(value, 0);
    }

    private String write(Value value, int level) {
        call.budget().step(call.line());
        return switch (value) {
            case Value.Text text -> string(text.plain());
            case Value.Whole(long whole) -> Long.toString(whole);
            case Value.Real(double real) -> Double.toString(real);
            case Value.Bool(boolean truth) -> Boolean.toString(truth);
            case Value.None _ -> "null";
            case Value.Sequence(List<Value> items) ->
                bracketed(
                        "[", items.stream().map(item -> write(item, level + 1)).toList(), "]", level);
            case Value.Mapping(Map<String, Value> entries) ->
                bracketed(
                        "{",
                        entries.entrySet().stream()
                                .map(entry -> string(entry.getKey()) + ": " + write(entry.getValue(), level + 1))
                                .toList(),
                        "}",
                        level);
            case Value.Namespace _, Value.Undefined _, Value.Function _ ->
                throw call.error(value.typeName() + " (expected: a value that JSON knows)");
        };
    }

    private String bracketed(String open, List<String> items, String close, int level) {
        if (items.isEmpty()) {
            return open + close;
        }
        if (indent < 0) {
            return items.stream().collect(Collectors.joining(", ", open, close));
        }
        String inner = "\n" + " ".repeat(indent * (level + 1));
        return items.stream()
                .collect(Collectors.joining("," + inner, open + inner, "\n" + " ".repeat(indent * level) + close));
    }

    private static String string(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
