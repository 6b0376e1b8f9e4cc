package io.tern.text.chat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Filters that pick, order and change the items of lists; the names are Jinja's, in small letters. */
enum SequenceFilters implements Filter {
    SELECT {
        @Override
        public Value apply(Value input, Call call) {
            return picked(input, call, 0, true);
        }
    },
    REJECT {
        @Override
        public Value apply(Value input, Call call) {
            return picked(input, call, 0, false);
        }
    },
    SELECTATTR {
        @Override
        public Value apply(Value input, Call call) {
            return picked(input, call, 1, true);
        }
    },
    REJECTATTR {
        @Override
        public Value apply(Value input, Call call) {
            return picked(input, call, 1, false);
        }
    },
    MAP {
        @Override
        public Value apply(Value input, Call call) {
            List<Value> mapped = new ArrayList<>();
            for (Value item : items(input, call)) {
                mapped.add(mapped(item, call));
            }
            return new Value.Sequence(List.copyOf(mapped));
        }

        private Value mapped(Value item, Call call) {
            if (call.positional().isEmpty()) {
                call.accepts(0, "attribute", "default");
                Value found = attribute(item, call.text(0, "attribute"));
                Value absent = call.named().get("default");
                return found instanceof Value.Undefined && absent != null ? absent : found;
            }
            String name = call.text(0, "filter");
            Filter filter = Filter.named(name).orElseThrow(() -> call.error("filter " + name + " is not supported"));
            return filter.apply(item, call.without(1));
        }
    },
    UNIQUE {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            List<Value> kept = new ArrayList<>();
            Set<String> texts = new HashSet<>();
            for (Value item : items(input, call)) {
                boolean isNew = item instanceof Value.Text text
                        ? texts.add(text.plain().toLowerCase(Locale.ROOT))
                        : kept.stream().noneMatch(item::sameAs);
                if (isNew) {
                    kept.add(item);
                }
            }
            return new Value.Sequence(List.copyOf(kept));
        }
    },
    SORT {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0, "reverse", "case_sensitive", "attribute");
            String attribute = call.text(2, "attribute", "");
            boolean caseSensitive = call.flag(1, "case_sensitive");
            Comparator<Value> order = (left, right) ->
                    compare(key(left, attribute, caseSensitive), key(right, attribute, caseSensitive), call);
            List<Value> sorted = new ArrayList<>(items(input, call));
            sorted.sort(call.flag(0, "reverse") ? order.reversed() : order);
            return new Value.Sequence(List.copyOf(sorted));
        }
    },
    DICTSORT {
        @Override
        public Value apply(Value input, Call call) {
            call.accepts(0);
            if (!(input instanceof Value.Mapping(Map<String, Value> entries))) {
                throw call.error(input.typeName() + " (expected: a mapping)");
            }
            List<Value> sorted = entries.entrySet().stream()
                    .sorted(Comparator.comparing(
                            (Map.Entry<String, Value> entry) -> entry.getKey().toLowerCase(Locale.ROOT)))
                    .<Value>map(entry -> new Value.Sequence(List.of(Methods.key(entry.getKey()), entry.getValue())))
                    .toList();
            return new Value.Sequence(sorted);
        }
    };

    static Optional<SequenceFilters> named(String name) {
        return Stream.of(values())
                .filter(filter -> filter.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    private static List<Value> items(Value input, Call call) {
        List<Value> items = Iteration.items(input, call.line());
        items.forEach(_ -> call.budget().step(call.line()));
        return items;
    }

    /** @param attributes 1 if the test is of the items' attribute, which the first argument names */
    private static Value picked(Value input, Call call, int attributes, boolean wanted) {
        List<Value> kept = new ArrayList<>();
        for (Value item : items(input, call)) {
            Value tested = attributes == 0 ? item : attribute(item, call.text(0, "attribute"));
            if (holds(tested, call, attributes) == wanted) {
                kept.add(item);
            }
        }
        return new Value.Sequence(List.copyOf(kept));
    }

    private static boolean holds(Value value, Call call, int at) {
        if (call.positional().size() <= at) {
            return value.isTrue();
        }
        String name = call.text(at, "test");
        Tests test = Tests.named(name).orElseThrow(() -> call.error("test " + name + " is not supported"));
        return test.holds(value, call.without(at + 1));
    }

    /** {@code a.b} is b of a. */
    private static Value attribute(Value item, String path) {
        Value value = item;
        for (String name : path.split("\\.")) {
            Value next = value instanceof Value.Mapping(Map<String, Value> entries) ? entries.get(name) : null;
            value = next == null ? new Value.Undefined(name) : next;
        }
        return value;
    }

    private static Value key(Value item, String attribute, boolean caseSensitive) {
        Value key = attribute.isEmpty() ? item : attribute(item, attribute);
        return !caseSensitive && key instanceof Value.Text text ? new Value.Text(Strings.lower(text.marked())) : key;
    }

    private static int compare(Value left, Value right, Call call) {
        if (Operator.LESS.apply(left, right, call.budget(), call.line()).isTrue()) {
            return -1;
        }
        return Operator.LESS.apply(right, left, call.budget(), call.line()).isTrue() ? 1 : 0;
    }
}
