package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods of strings and mappings, as Python has them. */
final class Methods {
    private Methods() {}

    /** The method bound to its object, or null if there is none of that name. */
    static Value.@Nullable Function find(Value object, String name) {
        Value.Function.Body body = switch (object) {
            case Value.Text text -> ofText(text.marked(), name);
            case Value.Mapping(Map<String, Value> entries) -> ofMapping(entries, name);
            default -> null;
        };
        return body == null ? null : new Value.Function(name, body);
    }

    private static Value.Function.@Nullable Body ofText(MarkedText text, String name) {
        return switch (name) {
            case "strip" -> call -> strip(text, call, true, true);
            case "lstrip" -> call -> strip(text, call, true, false);
            case "rstrip" -> call -> strip(text, call, false, true);
            case "startswith" -> call -> new Value.Bool(options(call).stream().anyMatch(text.text()::startsWith));
            case "endswith" -> call -> new Value.Bool(options(call).stream().anyMatch(text.text()::endsWith));
            case "split" -> call -> split(text, call);
            case "replace" -> call -> replace(text, call);
            case "find" -> call -> find(text, call);
            case "upper" -> call -> changed(call, Strings.upper(text));
            case "lower" -> call -> changed(call, Strings.lower(text));
            case "capitalize" -> call -> changed(call, Strings.capitalize(text));
            case "title" -> call -> changed(call, Strings.title(text));
            case "removeprefix" -> call -> without(text, call, true);
            case "removesuffix" -> call -> without(text, call, false);
            case "isdigit" ->
                call -> {
                    call.accepts(0);
                    return new Value.Bool(
                            !text.isEmpty() && text.text().codePoints().allMatch(Character::isDigit));
                };
            default -> null;
        };
    }

    private static Value.Function.@Nullable Body ofMapping(Map<String, Value> entries, String name) {
        return switch (name) {
            case "items" -> call -> items(entries, call);
            case "keys" -> call -> keys(entries, call);
            case "values" -> call -> values(entries, call);
            case "get" -> call -> get(entries, call);
            default -> null;
        };
    }

    private static Value strip(MarkedText text, Call call, boolean left, boolean right) {
        call.accepts(1, "chars");
        return call.result(Strings.strip(text, call.text(0, "chars", ""), left, right));
    }

    /** One text or a list of them. */
    private static List<String> options(Call call) {
        call.accepts(1);
        return call.get(0, "prefix") instanceof Value.Sequence(List<Value> items)
                ? items.stream().map(item -> call.asText(item).plain()).toList()
                : List.of(call.text(0, "prefix"));
    }

    private static Value split(MarkedText text, Call call) {
        call.accepts(2, "sep", "maxsplit");
        if (call.find(0, "sep") instanceof Value.Text separator
                && separator.plain().isEmpty()) {
            throw call.error("an empty separator (expected: a text)");
        }
        List<MarkedText> pieces = Strings.split(text, call.text(0, "sep", ""), call.whole(1, "maxsplit", -1));
        return new Value.Sequence(pieces.stream().<Value>map(call::result).toList());
    }

    static Value replace(MarkedText text, Call call) {
        call.accepts(3, "count");
        String old = call.text(0, "old");
        if (old.isEmpty()) {
            throw call.error("an empty text (expected: one to look for)");
        }
        Value.Text replacement = call.asText(call.get(1, "new"));
        return call.result(Strings.replace(text, old, replacement.marked(), call.whole(2, "count", -1)));
    }

    private static Value without(MarkedText text, Call call, boolean front) {
        call.accepts(1);
        String cut = call.text(0, "part");
        String plain = text.text();
        int size = plain.length();
        if (front) {
            return call.result(plain.startsWith(cut) ? text.substring(cut.length(), size) : text);
        }
        return call.result(plain.endsWith(cut) ? text.substring(0, size - cut.length()) : text);
    }

    private static Value find(MarkedText text, Call call) {
        call.accepts(1);
        String plain = text.text();
        int at = plain.indexOf(call.text(0, "sub"));
        return new Value.Whole(at < 0 ? -1 : plain.codePointCount(0, at));
    }

    private static Value changed(Call call, MarkedText text) {
        call.accepts(0);
        return call.result(text);
    }

    static Value items(Map<String, Value> entries, Call call) {
        call.accepts(0);
        List<Value> items = new ArrayList<>();
        // Keys of a caller's mapping are the caller's text.
        entries.forEach((key, value) -> items.add(new Value.Sequence(List.of(key(key), value))));
        return new Value.Sequence(List.copyOf(items));
    }

    private static Value keys(Map<String, Value> entries, Call call) {
        call.accepts(0);
        return new Value.Sequence(entries.keySet().stream().map(Methods::key).toList());
    }

    private static Value values(Map<String, Value> entries, Call call) {
        call.accepts(0);
        return new Value.Sequence(List.copyOf(entries.values()));
    }

    private static Value get(Map<String, Value> entries, Call call) {
        call.accepts(2, "default");
        Value value = entries.get(call.text(0, "key"));
        Value absent = call.find(1, "default");
        return value != null ? value : absent != null ? absent : Value.None.INSTANCE;
    }

    /** A key may have come with the messages, so it is not trusted. */
    static Value key(String key) {
        return new Value.Text(MarkedText.untrusted(key));
    }
}
