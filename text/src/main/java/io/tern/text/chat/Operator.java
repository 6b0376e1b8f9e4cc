package io.tern.text.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators that need both sides, with Python's rules for their types. */
enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    FLOOR_DIVIDE,
    MODULO,
    CONCATENATE,
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    IN,
    NOT_IN;

    Value apply(Value left, Value right, Budget budget, int line) {
        try {
            return switch (this) {
                case EQUAL -> new Value.Bool(left.sameAs(right));
                case NOT_EQUAL -> new Value.Bool(!left.sameAs(right));
                case IN -> new Value.Bool(contains(right, left, line));
                case NOT_IN -> new Value.Bool(!contains(right, left, line));
                case CONCATENATE -> budget.text(Print.text(left, line).plus(Print.text(right, line)), line);
                case ADD -> add(left, right, budget, line);
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> new Value.Bool(compare(left, right, line));
                case SUBTRACT, MULTIPLY, DIVIDE, FLOOR_DIVIDE, MODULO -> arithmetic(left, right, line);
            };
        } catch (ArithmeticException e) {
            throw new TemplateException(line, this + ": " + e.getMessage());
        }
    }

    private Value add(Value left, Value right, Budget budget, int line) {
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            return budget.text(a.marked().plus(b.marked()), line);
        }
        if (left instanceof Value.Sequence(List<Value> a) && right instanceof Value.Sequence(List<Value> b)) {
            budget.checkLength((long) a.size() + b.size(), line);
            List<Value> joined = new ArrayList<>(a);
            joined.addAll(b);
            return new Value.Sequence(List.copyOf(joined));
        }
        return arithmetic(left, right, line);
    }

    private Value arithmetic(Value leftSide, Value rightSide, int line) {
        Value left = counted(leftSide);
        Value right = counted(rightSide);
        if (left instanceof Value.Whole(long a) && right instanceof Value.Whole(long b) && this != DIVIDE) {
            return new Value.Whole(
                    switch (this) {
                        case ADD -> Math.addExact(a, b);
                        case SUBTRACT -> Math.subtractExact(a, b);
                        case MULTIPLY -> Math.multiplyExact(a, b);
                        case FLOOR_DIVIDE -> Math.floorDiv(a, b);
                        default -> Math.floorMod(a, b);
                    });
        }
        double a = number(left, line);
        double b = number(right, line);
        if (b == 0 && (this == DIVIDE || this == FLOOR_DIVIDE || this == MODULO)) {
            throw new ArithmeticException("/ by zero");
        }
        return new Value.Real(
                switch (this) {
                    case ADD -> a + b;
                    case SUBTRACT -> a - b;
                    case MULTIPLY -> a * b;
                    case DIVIDE -> a / b;
                    case FLOOR_DIVIDE -> Math.floor(a / b);
                    default -> a - b * Math.floor(a / b);
                });
    }

    /** To Python a boolean is 0 or 1. */
    private static Value counted(Value value) {
        return value instanceof Value.Bool(boolean truth) ? new Value.Whole(truth ? 1 : 0) : value;
    }

    private boolean compare(Value left, Value right, int line) {
        double order = left instanceof Value.Text a && right instanceof Value.Text b
                ? a.plain().compareTo(b.plain())
                : Double.compare(number(left, line), number(right, line));
        return switch (this) {
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            default -> order >= 0;
        };
    }

    private double number(Value value, int line) {
        return switch (value) {
            case Value.Whole(long whole) -> whole;
            case Value.Real(double real) -> real;
            case Value.Bool(boolean truth) -> truth ? 1 : 0;
            default -> throw new TemplateException(line, this + ": " + value.typeName() + " (expected: a number)");
        };
    }

    private static boolean contains(Value container, Value item, int line) {
        return switch (container) {
            case Value.Text text
            when item instanceof Value.Text part -> text.plain().contains(part.plain());
            case Value.Sequence(List<Value> items) -> items.stream().anyMatch(item::sameAs);
            case Value.Mapping(Map<String, Value> entries) ->
                item instanceof Value.Text key && entries.containsKey(key.plain());
            case Value.Undefined _ -> false;
            default ->
                throw new TemplateException(
                        line, "in: " + item.typeName() + " in " + container.typeName() + " (expected: a container)");
        };
    }
}
