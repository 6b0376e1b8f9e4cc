package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind a {@code |}; the call's first value is what stands before it. */
enum Filters implements Filter {
    TRIM("trim") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(1, "chars");
            return call.result(Strings.strip(text(input, call), call.text(0, "chars", ""), true, true));
        }
    },
    LENGTH("length", "count") {
        @Override
        public Value apply(Value input, Call call) {
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
        public Value apply(Value input, Call call) {
            call.accepts(1, "indent", "ensure_ascii", "separators", "sort_keys");
            if (call.flag(1, "ensure_ascii")) {
                throw call.error("ensure_ascii: true (expected: false)");
            }
            // Escapes and braces stand between the caller's words, so all of it counts as the caller's.
            return call.result(MarkedText.untrusted(Json.of(call).write(input)));
        }
    },
    UPPER("upper") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.upper(text(input, call)));
        }
    },
    LOWER("lower") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.lower(text(input, call)));
        }
    },
    CAPITALIZE("capitalize") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.capitalize(text(input, call)));
        }
    },
    STRING("string") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(text(input, call));
        }
    },
    DEFAULT("default", "d") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(2, "default_value", "boolean");
            boolean missing = input instanceof Value.Undefined || (call.flag(1, "boolean") && !input.isTrue());
            Value absent = call.find(0, "default_value");
            return !missing ? input : absent != null ? absent : Value.Text.trusted("");
        }
    },
    JOIN("join") {
        @Override
        public Value apply(Value input, Call call) {
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
        public Value apply(Value input, Call call) {
            call.accepts(0);
            List<Value> items = Iteration.items(input, call.line());
            return items.isEmpty() ? new Value.Undefined("first of an empty list") : items.getFirst();
        }
    },
    LAST("last") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            List<Value> items = Iteration.items(input, call.line());
            return items.isEmpty() ? new Value.Undefined("last of an empty list") : items.getLast();
        }
    },
    LIST("list") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return new Value.Sequence(Iteration.items(input, call.line()));
        }
    },
    ITEMS("items") {
        @Override
        public Value apply(Value input, Call call) {
            return switch (input) {
                case Value.Mapping(Map<String, Value> entries) -> Methods.items(entries, call);
                case Value.Undefined _ -> new Value.Sequence(List.of());
                default -> throw call.error(input.typeName() + " (expected: a mapping)");
            };
        }
    },
    SAFE("safe") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(text(input, call));
        }
    },
    TITLE("title") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return call.result(Strings.title(text(input, call)));
        }
    },
    INDENT("indent") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(3, "width", "first", "blank");
            int width = Math.clamp(call.whole(0, "width", 4), 0, 1000);
            return call.result(Strings.indent(text(input, call), width, call.flag(1, "first"), call.flag(2, "blank")));
        }
    },
    REVERSE("reverse") {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            return new Value.Sequence(List.copyOf(new ArrayList<>(Iteration.items(input, call.line())).reversed()));
        }
    },
    REPLACE("replace") {
        @Override
        public Value apply(Value input, Call call) {
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

    static Optional<Filters> named(String name) {
        return Stream.of(values())
                .filter(filter -> filter.word.equals(name) || filter.otherWord.equals(name))
                .findFirst();
    }

    private static MarkedText text(Value value, Call call) {
        return Print.text(value, call.line());
    }
}
