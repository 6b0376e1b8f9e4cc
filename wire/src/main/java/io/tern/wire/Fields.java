package io.tern.wire;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads a request's fields, from a JSON object or a form, by name and type. {@code null} is absent. A field that nobody
 * asked for is refused by {@link #refuseUnknown}, so that nothing is ignored in silence. One thread at a time.
 */
public final class Fields {
    private static final String SEED = "integer, 0..2^63-1, or -1 for chance";

    private final String path;
    private final Map<String, JsonNode> values;
    private final Scalars scalars;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(String path, Map<String, JsonNode> values, Scalars scalars) {
        this.path = path;
        this.values = values;
        this.scalars = scalars;
    }

    public static Fields of(ObjectNode object) {
        return of("", object);
    }

    /** @param path what stands before the names in messages, as {@code "messages[0]."} */
    public static Fields of(String path, ObjectNode object) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                values.put(entry.getKey(), entry.getValue());
            }
        });
        return new Fields(path, values, Scalars.JSON);
    }

    /** Numbers and booleans as text, lists separated by commas; an empty value is absent. */
    public static Fields form(Map<String, String> form) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        form.forEach((name, value) -> {
            if (!value.isEmpty()) {
                values.put(name, StringNode.valueOf(value));
            }
        });
        return new Fields("", values, Scalars.FORM);
    }

    public Optional<String> text(String name) {
        return read(name, "string", (scalars, node) -> node.isString() ? node.stringValue() : null);
    }

    /** A text, or a number as it is written. */
    public Optional<String> scalar(String name) {
        return read(
                name,
                "string or number",
                (scalars, node) -> node.isString() || node.isNumber() ? node.asString() : null);
    }

    public Optional<Integer> int32(String name) {
        return read(name, "integer, -2147483648..2147483647", (scalars, node) -> {
            Long value = scalars.integer(node);
            return value != null && value == value.intValue() ? (Integer) value.intValue() : null;
        });
    }

    public Optional<Long> int64(String name) {
        return read(name, "integer, -2^63..2^63-1", Scalars::integer);
    }

    /** What decides what is drawn by chance; empty also for -1, as which others' clients say that it shall be chance too. */
    public Optional<Long> seed(String name) {
        Optional<Long> seed = read(name, SEED, (scalars, node) -> {
            Long value = scalars.integer(node);
            return value != null && value >= -1 ? value : null;
        });
        return seed.filter(value -> value != -1);
    }

    /** Finite. */
    public Optional<Double> number(String name) {
        return read(name, "number", (scalars, node) -> {
            Double value = scalars.number(node);
            return value != null && Double.isFinite(value) ? value : null;
        });
    }

    public Optional<Boolean> flag(String name) {
        return read(name, "true or false", Scalars::flag);
    }

    /** A list of strings, or one string; in a form they are separated by commas. Absent: empty. */
    public List<String> texts(String name) {
        return read(name, "string or array of strings", Scalars::texts).orElse(List.of());
    }

    /** Absent: empty. */
    public List<Integer> int32s(String name) {
        return read(name, "array of integers, -2147483648..2147483647", (scalars, node) -> Scalars.int32s(node))
                .orElse(List.of());
    }

    /** The bytes of a base64 text. */
    public Optional<byte[]> base64(String name) {
        return read(name, "base64", (scalars, node) -> Scalars.base64(node));
    }

    public Optional<Fields> object(String name) {
        return read(
                name,
                "object",
                (scalars, node) -> node instanceof ObjectNode object ? of(path + name + ".", object) : null);
    }

    /** The objects of an array, each with its place in the path; absent: none. */
    public List<Fields> objects(String name, String expected) {
        JsonNode node = node(name).orElse(null);
        if (node == null) {
            return List.of();
        }
        List<Fields> items = new ArrayList<>();
        for (JsonNode item : node.values()) {
            if (!(item instanceof ObjectNode object)) {
                throw invalid(name, expected);
            }
            items.add(of(path(name) + "[" + items.size() + "].", object));
        }
        if (!node.isArray()) {
            throw invalid(name, expected);
        }
        return items;
    }

    /** Whether the request has it; this does not make it a known one. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value as it is, for fields of several types. */
    public Optional<JsonNode> node(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name));
    }

    /** These change nothing here whatever they say: they are accepted. */
    public void accept(String... names) {
        known.addAll(Arrays.asList(names));
    }

    /** These are not built: present and not empty, they are refused by name. */
    public void refuse(String... names) {
        for (String name : names) {
            if (node(name).filter(node -> !Scalars.isEmpty(node)).isPresent()) {
                throw unsupported(name);
            }
        }
    }

    /** Only the values that ask for what is done anyway are accepted; any other is not built. */
    public void onlyNeutral(String name, Object... neutral) {
        node(name).ifPresent(node -> {
            if (Arrays.stream(neutral).noneMatch(value -> scalars.text(node).equals(value.toString()))) {
                throw new TernException(
                        ErrorCode.INVALID_ARGUMENT,
                        path(name) + ": " + Scalars.describe(node) + " is not supported by this server (supported: "
                                + String.join(
                                        ", ",
                                        Arrays.stream(neutral)
                                                .map(Object::toString)
                                                .toList()) + ")",
                        path(name),
                        null);
            }
        });
    }

    /** @throws TernException INVALID_ARGUMENT for the first field that nobody asked for, with the nearest known name */
    public void refuseUnknown() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                String shown = path(Names.printable(name));
                throw new TernException(
                        ErrorCode.INVALID_ARGUMENT, shown + ": unknown field (" + suggestion(name) + ")", shown, null);
            }
        }
    }

    /** The error for a value that is there but wrong. */
    public TernException invalid(String name, String expected) {
        JsonNode node = values.get(name);
        return TernException.invalid(path(name), node == null ? "missing" : Scalars.describe(node), expected);
    }

    /** The error for a field that is not built. */
    public TernException unsupported(String name) {
        return new TernException(
                ErrorCode.INVALID_ARGUMENT, path(name) + ": not supported by this server", path(name), null);
    }

    public String path(String name) {
        return path + name;
    }

    private String suggestion(String name) {
        Collection<String> nearest = Names.nearest(name, known);
        return nearest.isEmpty()
                ? "expected: one of " + String.join(", ", known)
                : "nearest: " + String.join(", ", nearest);
    }

    private <T> Optional<T> read(String name, String expected, BiFunction<Scalars, JsonNode, @Nullable T> type) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        T value = type.apply(scalars, node.get());
        if (value == null) {
            throw invalid(name, expected);
        }
        return Optional.of(value);
    }
}
