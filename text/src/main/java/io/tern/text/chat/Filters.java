package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind a {@code |}; the call's first value is what stands before it. */
enum Filters {
    TRIM("trim") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(1, "chars");
            return call.result(Strings.strip(text(input, call), call.text(0, "chars", ""), true, true));
        }
    },
    LENGTH("length", "count") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return new Value.Whole(
                    switch (input) {
                        case Value.Text text ->
                            text.plain().codePointCount(0, text.plain().length());
                        case Value.Mapping(Map<String, Value> entries) -> entries.size();
                        default -> Iteration.items(input, call.line()).size();
                    });
        }
    },
    TO_JSON("tojson") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(1, "indent", "ensure_ascii");
            if (call.flag(1, "ensure_ascii")) {
                throw call.error("ensure_ascii: true (expected: false)");
            }
            // Escapes and braces stand between the caller's words, so all of it counts as the caller's.
            return call.result(MarkedText.untrusted(new Json(call.whole(0, "indent", -1), call).write(input)));
        }
    },
    UPPER("upper") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.upper(text(input, call)));
        }
    },
    LOWER("lower") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.lower(text(input, call)));
        }
    },
    CAPITALIZE("capitalize") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.capitalize(text(input, call)));
        }
    },
    STRING("string") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(text(input, call));
        }
    },
    DEFAULT("default", "d") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(2, "default_value", "boolean");
            boolean missing = input instanceof Value.Undefined || (call.flag(1, "boolean") && !input.isTrue());
            Value absent = call.find(0, "default_value");
            return !missing ? input : absent != null ? absent : Value.Text.trusted("");
        }
    },
    JOIN("join") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(1, "d");
            Value separator = call.find(0, "d");
            List<MarkedText> pieces = Iteration.items(input, call.line()).stream()
                    .map(item -> text(item, call))
                    .toList();
            return call.result(
                    Strings.join(pieces, separator == null ? MarkedText.trusted("") : text(separator, call)));
        }
    },
    FIRST("first") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            List<Value> items = Iteration.items(input, call.line());
            return items.isEmpty() ? new Value.Undefined("first of an empty list") : items.getFirst();
        }
    },
    LAST("last") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            List<Value> items = Iteration.items(input, call.line());
            return items.isEmpty() ? new Value.Undefined("last of an empty list") : items.getLast();
        }
    },
    LIST("list") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return new Value.Sequence(Iteration.items(input, call.line()));
        }
    },
    ITEMS("items") {
        @Override
        Value apply(Value input, Call call) {
            return switch (input) {
                case Value.Mapping(Map<String, Value> entries) -> Methods.items(entries, call);
                case Value.Undefined _ -> new Value.Sequence(List.of());
                default -> throw call.error(input.typeName() + " (expected: a mapping)");
            };
        }
    },
    REVERSE("reverse") {
        @Override
        Value apply(Value input, Call call) {
            call.accepts(0);
            return new Value.Sequence(List.copyOf(new ArrayList<>(Iteration.items(input, call.line())).reversed()));
        }
    },
    REPLACE("replace") {
        @Override
        Value apply(Value input, Call call) {
            return Methods.replace(text(input, call), call);
        }
    };

    private final String word;
    private final String otherWord;

    Filters(String word) {
        this(word, word);
    }

    Filters(String word, String otherWord) {
        this.word = word;
        this.otherWord = otherWord;
    }

    abstract Value apply(Value input, Call call);

    static Optional<Filters> named(String name) {
        return Stream.of(values())
                .filter(filter -> filter.word.equals(name) || filter.otherWord.equals(name))
                .findFirst();
    }

    private static MarkedText text(Value value, Call call) {
        return Print.text(value, call.line());
    }
}
