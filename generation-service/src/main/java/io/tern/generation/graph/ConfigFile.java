package io.tern.generation.graph;

import io.tern.base.TernException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One JSON file of a model's folder. What it refuses names the file, the field, what was found and what is expected. */
public final class ConfigFile {
    private final String name;
    private final JsonNode root;

    private ConfigFile(String name, JsonNode root) {
        this.name = name;
        this.root = root;
    }

    /** @throws TernException if it is missing or no JSON object */
    public static ConfigFile read(Path folder, String name) {
        Path file = requireFile(folder, name);
        try {
            JsonNode root = JsonMapper.shared().readTree(file);
            if (!root.isObject()) {
                throw TernException.invalid(name, root.getNodeType(), "a JSON object");
            }
            return new ConfigFile(name, root);
        } catch (JacksonException e) {
            throw TernException.invalid(name, "no JSON: " + e.getOriginalMessage(), "a JSON object");
        }
    }

    /** Of a model that comes without one. */
    public static ConfigFile empty(String name) {
        return new ConfigFile(name, JsonMapper.shared().createObjectNode());
    }

    public static Path requireFile(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw TernException.invalid(name, "no such file", "a file of the model's folder");
        }
        return file;
    }

    public int integer(String field) {
        JsonNode value = root.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw refused(field, "a whole number");
        }
        return value.intValue();
    }

    public int integer(String field, int absent) {
        return isAbsent(field) ? absent : integer(field);
    }

    public int integer(String field, int least, int most) {
        int value = integer(field);
        if (!(least <= value && value <= most)) {
            throw refused(field, least + ".." + most);
        }
        return value;
    }

    public void requireEqual(String field, int expected) {
        if (integer(field) != expected) {
            throw refused(field, String.valueOf(expected));
        }
    }

    /** Of a list; 0 where there is none. */
    public int length(String field) {
        return root.path(field).isArray() ? root.path(field).size() : 0;
    }

    public double number(String field, double absent) {
        JsonNode value = root.path(field);
        if (isAbsent(field)) {
            return absent;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw refused(field, "a number");
        }
        return value.doubleValue();
    }

    public boolean flag(String field, boolean absent) {
        if (isAbsent(field)) {
            return absent;
        }
        if (!root.path(field).isBoolean()) {
            throw refused(field, "true or false");
        }
        return root.path(field).booleanValue();
    }

    /** The option whose name stands in the field. */
    public <T> T choice(String field, T[] options, Function<T, String> nameOf, T absent) {
        if (isAbsent(field)) {
            return absent;
        }
        return Arrays.stream(options)
                .filter(option -> nameOf.apply(option).equals(root.path(field).asString("")))
                .findFirst()
                .orElseThrow(
                        () -> refused(field, Arrays.stream(options).map(nameOf).collect(Collectors.joining(", "))));
    }

    /** The first option that the field's text fits. */
    public <T> T oneOf(String field, T[] options, BiPredicate<T, String> fits, String expected) {
        String value = root.path(field).asString("");
        return Arrays.stream(options)
                .filter(option -> fits.test(option, value))
                .findFirst()
                .orElseThrow(() -> refused(field, expected));
    }

    public String oneOf(String field, List<String> options) {
        String value = root.path(field).asString("");
        if (!options.contains(value)) {
            throw refused(field, String.join(", ", options));
        }
        return value;
    }

    /** For a component {@code [library, class]} of model_index.json: its class is one of these. */
    public String componentOneOf(String field, List<String> classes) {
        String value = root.path(field).path(1).asString("");
        if (!classes.contains(value)) {
            throw refused(field, "a component of class " + String.join(", ", classes));
        }
        return value;
    }

    /** A component is not there if it is absent, null, or {@code [null, null]}. */
    public boolean hasComponent(String field) {
        return !isAbsent(field) && !root.path(field).path(1).isNull();
    }

    /** For a component that we do not run. */
    public void requireNoComponent(String field) {
        if (hasComponent(field)) {
            throw refused(field, "none");
        }
    }

    /** For a field that means something else unless it has this value. */
    public void requireNothing(String field) {
        if (!isAbsent(field)) {
            throw refused(field, "null");
        }
    }

    /** For a choice of which one is built here. */
    public void requireIfThere(String field, String built) {
        if (!isAbsent(field) && !root.path(field).asString("").equals(built)) {
            throw refused(field, built);
        }
    }

    /** For an option that is not built here. */
    public void requireOff(String field, boolean absent) {
        if (flag(field, absent)) {
            throw refused(field, "false");
        }
    }

    public TernException refused(String field, String expected) {
        JsonNode value = root.path(field);
        return TernException.invalid(
                name + ": " + field, value.isMissingNode() ? "absent" : value.toString(), expected);
    }

    private boolean isAbsent(String field) {
        return root.path(field).isMissingNode() || root.path(field).isNull();
    }
}
