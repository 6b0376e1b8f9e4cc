package io.tern.text.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template does. */
sealed interface Statement {
    record Data(String text) implements Statement {}

    record Output(Expression expression) implements Statement {}

    record If(Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    /**
     * @param names one, or as many as each item has parts
     * @param filter items for which it is false are passed over and not counted
     * @param otherwise for when there is no item
     */
    record For(
            List<String> names,
            Expression items,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Set(List<String> names, Expression value, int line) implements Statement {}

    /** {@code set namespace.attribute = value}. */
    record SetAttribute(String namespace, String attribute, Expression value, int line) implements Statement {}

    /**
     * A function that writes its body.
     *
     * @param parameters in order; by name what those have that a call leaves out
     */
    record Macro(String name, List<String> parameters, Map<String, Expression> absent, List<Statement> body, int line)
            implements Statement {}

    /** Ends a loop's turn, or the whole loop. */
    record Leave(boolean loop, int line) implements Statement {}

    /** {@code set name}, its body, {@code endset}. */
    record SetBlock(String name, List<Statement> body) implements Statement {}
}
