package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.List;
import java.util.Map;

/** What a template computes with. Immutable but for {@link Namespace}. */
sealed interface Value {
    record Text(MarkedText marked) implements Value {
        static Text trusted(String text) {
            return new Text(MarkedText.trusted(text));
        }

        String plain() {
            return marked.text();
        }
    }

    record Whole(long value) implements Value {}

    record Real(double value) implements Value {}

    record Bool(boolean value) implements Value {}

    record Sequence(List<Value> items) implements Value {}

    record Mapping(Map<String, Value> entries) implements Value {}

    /** Variables that a loop may set for what comes after it. Owned by one rendering. */
    record Namespace(Map<String, Value> entries) implements Value {}

    record None() implements Value {
        static final None INSTANCE = new None();
    }

    /** What a name without a value stands for: false, empty when printed, an error when used further. */
    record Undefined(String name) implements Value {}

    /** Called with its arguments: a method of a value or a function of the language. */
    record Function(String name, Body body) implements Value {
        @FunctionalInterface
        interface Body {
            Value apply(Call call);
        }
    }

    default boolean isTrue() {
        return switch (this) {
            case Text text -> !text.marked().isEmpty();
            case Whole(long value) -> value != 0;
            case Real(double value) -> value != 0;
            case Bool(boolean value) -> value;
            case Sequence(List<Value> items) -> !items.isEmpty();
            case Mapping(Map<String, Value> entries) -> !entries.isEmpty();
            case Namespace _, Function _ -> true;
            case None _, Undefined _ -> false;
        };
    }

    /** The word for errors. */
    default String typeName() {
        return switch (this) {
            case Text _ -> "a string";
            case Whole _, Real _ -> "a number";
            case Bool _ -> "a boolean";
            case Sequence _ -> "a list";
            case Mapping _ -> "a mapping";
            case Namespace _ -> "a namespace";
            case None _ -> "none";
            case Undefined(String name) -> "undefined: " + name;
            case Function function -> "the function " + function.name();
        };
    }

    /** Equality as Python has it: 1 is 1.0, and where a text came from does not count. */
    @SuppressWarnings("ReferenceEquality") // of namespaces and functions only: the same one
    default boolean sameAs(Value other) {
        return switch (this) {
            case Text text -> other instanceof Text that && text.plain().equals(that.plain());
            case Whole _, Real _, Bool _ -> isNumeric(other) && number(this) == number(other);
            case Sequence(List<Value> items) -> other instanceof Sequence(List<Value> those) && sameItems(items, those);
            case Mapping(Map<String, Value> entries) ->
                other instanceof Mapping(Map<String, Value> those) && sameEntries(entries, those);
            case Undefined _ -> other instanceof Undefined;
            case None _ -> other instanceof None;
            case Namespace _, Function _ -> this == other;
        };
    }

    private static boolean isNumeric(Value value) {
        return value instanceof Whole || value instanceof Real || value instanceof Bool;
    }

    /** A boolean is 0 or 1. */
    private static double number(Value value) {
        return switch (value) {
            case Whole(long whole) -> whole;
            case Real(double real) -> real;
            case Bool(boolean truth) -> truth ? 1 : 0;
            default -> Double.NaN;
        };
    }

    private static boolean sameItems(List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).sameAs(right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameEntries(Map<String, Value> left, Map<String, Value> right) {
        return left.size() == right.size()
                && left.entrySet().stream().allMatch(entry -> {
                    Value other = right.get(entry.getKey());
                    return other != null && entry.getValue().sameAs(other);
                });
    }
}
