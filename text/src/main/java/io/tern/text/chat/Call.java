package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that a filter, method or function is called with; each access names what it needs if it is not there. */
record Call(String name, List<Value> positional, Map<String, Value> named, Budget budget, int line) {

    @Nullable
    Value find(int index, String name) {
        return index < positional.size() ? positional.get(index) : named.get(name);
    }

    Value get(int index, String name) {
        Value value = find(index, name);
        if (value == null) {
            throw error("no " + name + " (expected: a value)");
        }
        return value;
    }

    String text(int index, String name) {
        return asText(get(index, name)).plain();
    }

    String text(int index, String name, String absent) {
        Value value = find(index, name);
        return value == null || value instanceof Value.None
                ? absent
                : asText(value).plain();
    }

    int whole(int index, String name, int absent) {
        return switch (find(index, name)) {
            case null -> absent;
            case Value.Whole(long value) when value == (int) value -> (int) value;
            case Value other -> throw error(name + ": " + other.typeName() + " (expected: a whole number)");
        };
    }

    boolean flag(int index, String name) {
        Value value = find(index, name);
        return value != null && value.isTrue();
    }

    Value.Text asText(Value value) {
        if (value instanceof Value.Text text) {
            return text;
        }
        throw error(value.typeName() + " (expected: a string)");
    }

    /** The same call without its first so many positional arguments. */
    Call without(int count) {
        List<Value> rest = positional.subList(Math.min(count, positional.size()), positional.size());
        return new Call(name, rest, Map.of(), budget, line);
    }

    Value.Text result(MarkedText text) {
        return budget.text(text, line);
    }

    /** Refuses arguments beyond the first so many, and named ones but these. */
    void accepts(int most, String... names) {
        if (positional.size() > most || !List.of(names).containsAll(named.keySet())) {
            throw error("arguments that are not supported (expected: at most " + most + ", by name " + List.of(names)
                    + ")");
        }
    }

    TemplateException error(String message) {
        return new TemplateException(line, name + ": " + message);
    }
}
