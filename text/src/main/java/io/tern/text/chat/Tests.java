package io.tern.text.chat;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
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
    ODD,
    CALLABLE,
    LOWER,
    UPPER,
    DIVISIBLEBY,
    SAMEAS,
    IN,
    EQUALTO("eq", "=="),
    NE("!="),
    LT("lessthan", "<"),
    LE("<="),
    GT("greaterthan", ">"),
    GE(">=");

    private final List<String> otherNames;

    Tests(String... otherNames) {
        this.otherNames = List.of(otherNames);
    }

    /** @param call of the test, with what stands behind its name */
    boolean holds(Value value, Call call) {
        call.accepts(1);
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
            case CALLABLE -> value instanceof Value.Function;
            case LOWER -> value instanceof Value.Text text && isCased(text, Character::isUpperCase);
            case UPPER -> value instanceof Value.Text text && isCased(text, Character::isLowerCase);
            case DIVISIBLEBY -> compared(Operator.MODULO, value, call).sameAs(new Value.Whole(0));
            case SAMEAS -> value.getClass() == call.get(0, "other").getClass() && value.sameAs(call.get(0, "other"));
            case IN -> compared(Operator.IN, value, call).isTrue();
            case EQUALTO -> compared(Operator.EQUAL, value, call).isTrue();
            case NE -> compared(Operator.NOT_EQUAL, value, call).isTrue();
            case LT -> compared(Operator.LESS, value, call).isTrue();
            case LE -> compared(Operator.LESS_OR_EQUAL, value, call).isTrue();
            case GT -> compared(Operator.GREATER, value, call).isTrue();
            case GE -> compared(Operator.GREATER_OR_EQUAL, value, call).isTrue();
        };
    }

    static Optional<Tests> named(String name) {
        return Stream.of(values())
                .filter(test -> test.name().toLowerCase(Locale.ROOT).equals(name) || test.otherNames.contains(name))
                .findFirst();
    }

    private static Value compared(Operator operator, Value value, Call call) {
        return operator.apply(value, call.get(0, "other"), call.budget(), call.line());
    }

    /** Letters, and none of the other case. */
    private static boolean isCased(Value.Text text, IntPredicate otherCase) {
        return text.plain().codePoints().anyMatch(Character::isLetter)
                && text.plain().codePoints().noneMatch(otherCase);
    }

    /** To Python a string and a mapping are sequences too, and to Jinja what is undefined is an empty one. */
    private static boolean isSequence(Value value) {
        return switch (value) {
            case Value.Sequence _, Value.Text _, Value.Mapping _, Value.Undefined _ -> true;
            default -> false;
        };
    }
}
