package io.tern.text.chat;

import io.tern.text.MarkedText;

/** Values as an output tag prints them. */
final class Print {
    private Print() {}

    static MarkedText text(Value value, int line) {
        return switch (value) {
            case Value.Text text -> text.marked();
            case Value.Whole(long whole) -> MarkedText.trusted(Long.toString(whole));
            case Value.Real(double real) -> MarkedText.trusted(Numbers.text(real));
            case Value.Bool(boolean truth) -> MarkedText.trusted(truth ? "True" : "False");
            case Value.None _ -> MarkedText.trusted("None");
            case Value.Undefined _ -> MarkedText.trusted("");
            // Python prints these in a notation of its own, which no template is meant to show a model.
            case Value.Sequence _, Value.Mapping _, Value.Namespace _, Value.Function _ ->
                throw new TemplateException(
                        line, "output: " + value.typeName() + " (expected: a string; use tojson or join)");
        };
    }
}
