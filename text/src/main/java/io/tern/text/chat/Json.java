package io.tern.text.chat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * JSON as Python's {@code json.dumps(value, ensure_ascii=False, indent=indent)} writes it.
 *
 * @param indent blanks a level; below 0 everything stands on one line
 * @param separator between items
 * @param colon between key and value
 * @param sorted whether keys are in order
 * @param call of the filter, for errors and the budget
 */
record Json(int indent, String separator, String colon, boolean sorted, Call call) {
    /** As the arguments of {@code tojson} ask. */
    static Json of(Call call) {
        int indent = call.whole(0, "indent", -1);
        String separator = indent < 0 ? ", " : ",";
        String colon = ": ";
        if (call.find(2, "separators") instanceof Value.Sequence(List<Value> both) && both.size() == 2) {
            separator = call.asText(both.get(0)).plain();
            colon = call.asText(both.get(1)).plain();
        }
        return new Json(indent, separator, colon, call.flag(3, "sort_keys"), call);
    }

    String write(Value value) {
        return write(value, 0);
    }

    private String write(Value value, int level) {
        call.budget().step(call.line());
        return switch (value) {
            case Value.Text text -> string(text.plain());
            case Value.Whole(long whole) -> Long.toString(whole);
            case Value.Real(double real) -> Numbers.text(real);
            case Value.Bool(boolean truth) -> Boolean.toString(truth);
            case Value.None _ -> "null";
            case Value.Sequence(List<Value> items) ->
                bracketed(
                        "[", items.stream().map(item -> write(item, level + 1)).toList(), "]", level);
            case Value.Mapping(Map<String, Value> entries) ->
                bracketed(
                        "{",
                        (sorted ? new TreeMap<>(entries) : entries)
                                .entrySet().stream()
                                        .map(entry ->
                                                string(entry.getKey()) + colon + write(entry.getValue(), level + 1))
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
            return items.stream().collect(Collectors.joining(separator, open, close));
        }
        String inner = "\n" + " ".repeat(indent * (level + 1));
        return items.stream()
                .collect(
                        Collectors.joining(separator + inner, open + inner, "\n" + " ".repeat(indent * level) + close));
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
