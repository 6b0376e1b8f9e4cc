package io.tern.text.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template computes a value from. Each knows its line, for errors. */
sealed interface Expression {
    int line();

    record Literal(Value value, int line) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record ListOf(List<Expression> items, int line) implements Expression {}

    record MapOf(List<Expression> keys, List<Expression> values, int line) implements Expression {}

    /** {@code object.name}. */
    record Attribute(Expression object, String name, int line) implements Expression {}

    /** {@code object[key]}. */
    record Item(Expression object, Expression key, int line) implements Expression {}

    /** {@code object[start:stop:step]}; what is left out is null. */
    record Slice(
            Expression object,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step,
            int line)
            implements Expression {}

    record Call(Expression function, Arguments arguments, int line) implements Expression {}

    /** {@code input | name(arguments)}. */
    record Filtered(Expression input, String name, Filter filter, Arguments arguments, int line)
            implements Expression {}

    /** {@code input is name}, with what stands behind the name. */
    record Test(Expression input, Tests test, Arguments arguments, boolean negated, int line) implements Expression {}

    record Not(Expression operand, int line) implements Expression {}

    record Negative(Expression operand, int line) implements Expression {}

    record And(Expression left, Expression right, int line) implements Expression {}

    record Or(Expression left, Expression right, int line) implements Expression {}

    /** Arithmetic and comparison, which evaluate both sides. */
    record Binary(Operator operator, Expression left, Expression right, int line) implements Expression {}

    /** {@code then if condition else otherwise}; without an else an undefined value. */
    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise, int line) implements Expression {}

    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
