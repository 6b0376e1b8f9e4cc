package io.tern.text.chat;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind {@code is}: the names in small letters. */
enum Tests {
    DEFINED,
    UNDEFINED,
    NONE,
    STRING,
    NUMBER,
    INTEGER,
    FLOAT,
    BOOLEAN,
    TRUE,
    FALSE,
    MAPPING,
    SEQUENCE,
    ITERABLE,
    EVEN,
    ODD;

    boolean holds(Value value) {
        return switch (this) {
            case DEFINED -> !(value instanceof Value.Undefined);
            case UNDEFINED -> value instanceof Value.Undefined;
            case NONE -> value instanceof Value.None;
            case STRING -> value instanceof Value.Text;
            case NUMBER -> value instanceof Value.Whole || value instanceof Value.Real || value instanceof Value.Bool;
            case INTEGER -> value instanceof Value.Whole;
            case FLOAT -> value instanceof Value.Real;
            case BOOLEAN -> value instanceof Value.Bool;
            case TRUE -> value instanceof Value.Bool(boolean truth) && truth;
            case FALSE -> value instanceof Value.Bool(boolean truth) && !truth;
            case MAPPING -> value instanceof Value.Mapping;
            case SEQUENCE, ITERABLE -> isSequence(value);
            case EVEN -> value instanceof Value.Whole(long whole) && whole % 2 == 0;
            case ODD -> value instanceof Value.Whole(long whole) && whole % 2 != 0;
        };
    }

    static Optional<Tests> named(String name) {
        return Stream.of(values())
                .filter(test -> test.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    /** To Python a string and a mapping are sequences too, and to Jinja what is undefined is an empty one. */
    private static boolean isSequence(Value value) {
        return switch (value) {
            case Value.Sequence _, Value.Text _, Value.Mapping _, Value.Undefined _ -> true;
            default -> false;
        };
    }
}
