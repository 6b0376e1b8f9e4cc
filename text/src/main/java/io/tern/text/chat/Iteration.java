package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values one by one, and by place. */
final class Iteration {
    private Iteration() {}

    /** Items of a list, keys of a mapping, characters of a string; an undefined value has none. */
    static List<Value> items(Value value, int line) {
        return switch (value) {
            case Value.Sequence(List<Value> items) -> items;
            case Value.Mapping(Map<String, Value> entries) ->
                entries.keySet().stream().map(Methods::key).toList();
            case Value.Text text -> characters(text.marked());
            case Value.Undefined _ -> List.of();
            default -> throw new TemplateException(line, value.typeName() + " (expected: a list)");
        };
    }

    /** Python's {@code object[start:stop:step]}; null is what was left out. */
    static Value slice(Value object, Value start, Value stop, Value step, Budget budget, int line) {
        List<Value> items = items(object, line);
        int stride = bound(step, 1, line);
        if (stride == 0) {
            throw new TemplateException(line, "slice step: 0 (expected: another number)");
        }
        int size = items.size();
        int first = clamped(bound(start, stride > 0 ? 0 : size - 1, line), size, stride);
        int end = stop instanceof Value.None ? (stride > 0 ? size : -1) : clamped(bound(stop, 0, line), size, stride);
        List<Value> picked = new ArrayList<>();
        for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
            picked.add(items.get((int) i));
        }
        return object instanceof Value.Text ? joined(picked, budget, line) : new Value.Sequence(List.copyOf(picked));
    }

    private static int bound(Value value, int absent, int line) {
        return switch (value) {
            case Value.None _ -> absent;
            case Value.Whole(long whole) -> Math.clamp(whole, -Integer.MAX_VALUE, Integer.MAX_VALUE);
            default -> throw new TemplateException(line, "slice: " + value.typeName() + " (expected: a whole number)");
        };
    }

    /** Places count from the end if negative; beyond the ends they are the ends. */
    private static int clamped(int place, int size, int stride) {
        int counted = place < 0 ? place + size : place;
        return stride > 0 ? Math.clamp(counted, 0, size) : Math.clamp(counted, -1, size - 1);
    }

    private static Value joined(List<Value> characters, Budget budget, int line) {
        List<MarkedText> texts =
                characters.stream().map(c -> Print.text(c, line)).toList();
        return budget.text(Strings.join(texts, MarkedText.trusted("")), line);
    }

    private static List<Value> characters(MarkedText text) {
        List<Value> characters = new ArrayList<>();
        for (MarkedText.Part part : text.parts()) {
            part.text()
                    .codePoints()
                    .mapToObj(Character::toString)
                    .forEach(c -> characters.add(
                            new Value.Text(part.trusted() ? MarkedText.trusted(c) : MarkedText.untrusted(c))));
        }
        return characters;
    }
}
