package io.tern.decoding.grammar;

import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/**
 * Objects of a schema. Properties come in the schema's order, then others if it allows them; without a word on that, a
 * schema that names properties allows no others, which keeps within it and keeps models from inventing some.
 */
final class ObjectSchema {
    private final SchemaCompiler compiler;
    private final NetworkBuilder builder;
    private final JsonText json;
    private final String path;
    private final int depth;
    private final Map<String, JsonNode> properties = new LinkedHashMap<>();
    private final Set<String> required;
    private final @Nullable JsonNode others;
    /** Where the next property goes if one stands before it, and if none does. */
    private int behind;

    private int first;

    ObjectSchema(SchemaCompiler compiler, SchemaKeywords schema, int depth) {
        this.compiler = compiler;
        this.json = compiler.json();
        this.builder = json.builder();
        this.path = schema.path();
        this.depth = depth;
        this.required = schema.names("required");
        this.properties.putAll(schema.entries("properties"));
        JsonNode additional = schema.get("additionalProperties");
        boolean named = schema.has("properties");
        this.others = additional != null ? additional : named ? null : BooleanNode.TRUE;
        JsonNode unnamed = additional == null ? BooleanNode.TRUE : additional;
        required.forEach(name -> properties.putIfAbsent(name, unnamed));
    }

    void write(int from, int to) {
        if (properties.isEmpty() && others != null && others.isBoolean() && others.booleanValue()) {
            json.object(from, to);
            return;
        }
        first = json.open(from, "{");
        behind = builder.state();
        properties.forEach(this::property);
        if (others != null) {
            additional(others);
        }
        builder.literal(first, "}", to);
        json.close(behind, "}", to);
    }

    private void property(String name, JsonNode schema) {
        int begin = begin();
        int nextFirst = builder.state();
        int nextBehind = builder.state();
        int named = builder.state();
        compiler.name(begin, name, named);
        compiler.write(
                schema, path + ".properties." + SchemaKeywords.shown(name), json.colon(named), nextBehind, depth + 1);
        if (!required.contains(name)) {
            builder.jump(first, nextFirst);
            builder.jump(behind, nextBehind);
        }
        first = nextFirst;
        behind = nextBehind;
    }

    /** Where a property begins, with or without a comma before it. */
    private int begin() {
        int begin = json.comma(behind);
        builder.jump(first, begin);
        return begin;
    }

    private void additional(JsonNode schema) {
        int begin = begin();
        int named = builder.state();
        json.stringOtherThan(properties.keySet(), begin, named);
        Rule value = builder.rule();
        compiler.write(schema, path + ".additionalProperties", value.entry(), value.exit(), depth + 1);
        builder.call(json.colon(named), value, behind);
    }
}
