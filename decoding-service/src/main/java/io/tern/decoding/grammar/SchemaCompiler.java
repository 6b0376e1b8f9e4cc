package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * JSON Schema (draft 2020-12, and what drafts 4 to 7 and OpenAPI 3.0 write differently) to a network. Bounded in schemas
 * looked at, depth and values; a schema that is referred to becomes a rule, so that it may refer to itself. Owned by one
 * compilation.
 */
final class SchemaCompiler {
    private static final int MOST_SCHEMAS = 20_000;
    private static final int DEEPEST = 200;
    private static final int MOST_VALUES = 4_096;

    private final NetworkBuilder builder;
    private final JsonText json;
    private final SchemaReferences references;
    private final Map<String, Rule> rules = new HashMap<>();
    private final NumberSchema numbers;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private int schemas;
    private int values;

    private SchemaCompiler(JsonNode root, NetworkBuilder builder) {
        this.builder = builder;
        this.json = new JsonText(builder);
        this.numbers = new NumberSchema(builder, json);
        this.references = new SchemaReferences(root);
    }

    /** A schema that was referred to and is not written yet. */
    private record Pending(Rule rule, JsonNode schema, String path) {}

    /** @throws TernException INVALID_ARGUMENT with the path of what is wrong or not built */
    static Network compile(JsonNode schema, String field) {
        NetworkBuilder builder = new NetworkBuilder(field);
        SchemaCompiler compiler = new SchemaCompiler(schema, builder);
        Rule start = builder.rule();
        compiler.write(schema, field, start.entry(), start.exit(), 0);
        while (!compiler.pending.isEmpty()) {
            Pending next = compiler.pending.remove();
            compiler.write(
                    next.schema(), next.path(), next.rule().entry(), next.rule().exit(), 0);
        }
        return builder.build(start);
    }

    JsonText json() {
        return json;
    }

    /** Values of the schema between two states; none if it allows none. */
    void write(JsonNode schema, String path, int from, int to, int depth) {
        count(0, path);
        require(depth <= DEEPEST, path, "more than " + DEEPEST + " levels", "fewer");
        if (schema.isBoolean()) {
            if (schema.booleanValue()) {
                json.value(from, to);
            }
        } else if (schema instanceof ObjectNode object) {
            write(SchemaKeywords.of(object, path), from, to, depth);
        } else {
            throw TernException.invalid(path, SchemaKeywords.shown(schema.toString()), "an object or a boolean");
        }
    }

    private void count(int more, String path) {
        schemas += 1 + more;
        require(schemas <= MOST_SCHEMAS, path, "more than " + MOST_SCHEMAS + " schemas", "fewer");
    }

    private void write(SchemaKeywords schema, int from, int to, int depth) {
        if (schema.has("$ref")) {
            reference(schema, from, to, depth);
        } else if (schema.has("allOf")) {
            JsonNode merged = schema.without("allOf");
            for (JsonNode part : schema.list("allOf")) {
                merged = merged(schema.path(), merged, part);
            }
            write(merged, schema.path(), from, to, depth + 1);
        } else if (schema.has("anyOf") || schema.has("oneOf")) {
            branches(schema, schema.has("anyOf") ? "anyOf" : "oneOf", from, to, depth);
        } else if (schema.has("enum") || schema.has("const")) {
            values(schema, from, to);
        } else {
            Set<String> types = schema.types();
            if (types.isEmpty()) {
                json.value(from, to);
            }
            types.forEach(type -> write(type, schema, from, to, depth));
        }
    }

    private void reference(SchemaKeywords schema, int from, int to, int depth) {
        String pointer = schema.text("$ref");
        if (pointer == null) {
            throw schema.invalid("$ref", "string");
        }
        JsonNode target = references.find(pointer, schema.path());
        if (schema.constraints("$ref").isEmpty()) {
            builder.call(
                    from,
                    rules.computeIfAbsent(pointer, _ -> {
                        Rule rule = builder.rule();
                        pending.add(new Pending(
                                rule,
                                target,
                                builder.field()
                                        + pointer.substring(1)
                                                .replaceAll("/(\\d+)(?=/|$)", "[$1]")
                                                .replace('/', '.')));
                        return rule;
                    }),
                    to);
        } else {
            write(merged(schema.path(), schema.without("$ref"), target), schema.path(), from, to, depth + 1);
        }
    }

    /** The two together; a reference is followed, since what it leads to must be known for that. */
    private JsonNode merged(String path, JsonNode left, JsonNode right) {
        count(left.path("allOf").size() + left.path("properties").size(), path);
        JsonNode followed = right;
        for (int hops = 0; followed instanceof ObjectNode object && object.has("$ref"); hops++) {
            require(hops < DEEPEST, path + ".$ref", "more than " + DEEPEST + " references in a row", "fewer");
            SchemaKeywords keywords = SchemaKeywords.of(object, path);
            String pointer = keywords.text("$ref");
            JsonNode target = references.find(pointer == null ? "" : pointer, path);
            ObjectNode rest = keywords.without("$ref");
            followed = rest.isEmpty() ? target : new SchemaMerge(path).both(rest, target);
        }
        if (followed instanceof ObjectNode object) {
            SchemaKeywords.of(object, path);
        }
        return new SchemaMerge(path).both(left, followed);
    }

    private void branches(SchemaKeywords schema, String keyword, int from, int to, int depth) {
        List<JsonNode> options = schema.list(keyword);
        if (options.isEmpty()) {
            throw schema.invalid(keyword, "at least one schema");
        }
        String path = schema.path() + "." + keyword;
        if (keyword.equals("oneOf")) {
            new SchemaDisjointness(references, path).require(options);
        }
        ObjectNode common = schema.without(keyword);
        for (int i = 0; i < options.size(); i++) {
            JsonNode option = options.get(i);
            String place = path + "[" + i + "]";
            write(common.isEmpty() ? option : merged(place, common, option), place, from, to, depth + 1);
        }
    }

    private void values(SchemaKeywords schema, int from, int to) {
        List<String> others = schema.constraints("enum", "const", "type", "nullable");
        if (!others.isEmpty()) {
            throw schema.invalid(others.getFirst(), "no such keyword beside enum or const");
        }
        JsonNode constant = schema.get("const");
        List<JsonNode> listed = constant != null ? List.of(constant) : schema.list("enum");
        values += listed.size();
        require(
                values <= MOST_VALUES,
                schema.path() + ".enum",
                values + " values",
                "at most " + MOST_VALUES + " in one schema");
        Set<String> types = schema.types();
        List<String> texts = listed.stream()
                .filter(value -> constant == null
                        || !schema.has("enum")
                        || schema.list("enum").contains(value))
                .filter(value -> types.isEmpty() || types.stream().anyMatch(type -> isOf(value, type)))
                .map(JsonNode::toString)
                .toList();
        builder.anyOf(from, texts, to);
    }

    static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            default -> value.isNumber();
        };
    }

    private void write(String type, SchemaKeywords schema, int from, int to, int depth) {
        switch (type) {
            case "object" -> new ObjectSchema(this, schema, depth).write(from, to);
            case "array" -> new ArraySchema(this, schema, depth).write(from, to);
            case "string" -> new StringSchema(builder, json).write(schema, from, to);
            case "number", "integer" -> numbers.write(schema, type.equals("integer"), from, to);
            case "boolean" -> builder.anyOf(from, List.of("true", "false"), to);
            default -> builder.literal(from, "null", to);
        }
    }

    /** A property's name as JSON writes it. */
    void name(int from, String name, int to) {
        builder.literal(from, StringNode.valueOf(name).toString(), to);
    }
}
