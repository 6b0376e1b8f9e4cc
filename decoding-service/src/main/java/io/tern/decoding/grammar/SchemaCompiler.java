package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    private static final int FRACTION_DIGITS = 12;

    private final NetworkBuilder builder;
    private final JsonText json;
    private final SchemaReferences references;
    private final Map<String, Rule> rules = new HashMap<>();
    private final Map<NumberRange, Rule> ranges = new HashMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private int schemas;
    private int values;

    private SchemaCompiler(JsonNode root, NetworkBuilder builder) {
        this.builder = builder;
        this.json = new JsonText(builder);
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
                                builder.field() + pointer.substring(1).replace('/', '.')));
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
        for (JsonNode option : options) {
            write(common.isEmpty() ? option : merged(path, common, option), path, from, to, depth + 1);
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
            case "string" -> string(schema, from, to);
            case "number", "integer" -> number(schema, type.equals("integer"), from, to);
            case "boolean" -> builder.anyOf(from, List.of("true", "false"), to);
            default -> builder.literal(from, "null", to);
        }
    }

    /** A property's name as JSON writes it. */
    void name(int from, String name, int to) {
        builder.literal(from, StringNode.valueOf(name).toString(), to);
    }

    private void string(SchemaKeywords schema, int from, int to) {
        int least = schema.count("minLength", 0);
        int most = schema.count("maxLength", -1);
        CharAutomaton form = form(schema);
        if (form == null) {
            if (least == 0 && most < 0) {
                json.string(from, to);
            } else if (most < 0 || least <= most) {
                json.string(from, least, most, to);
            }
            return;
        }
        int begin = builder.state();
        builder.literal(from, "\"", begin);
        int end = builder.state();
        builder.literal(end, "\"", to);
        if (least == 0 && most < 0) {
            form.write(json.characters(), begin, end);
        } else {
            // A form that never ends needs no more room than this above its least length.
            form.write(json.characters(), begin, end, least, most < 0 ? least + form.next().length : most);
        }
    }

    private static @Nullable CharAutomaton form(SchemaKeywords schema) {
        String pattern = schema.text("pattern");
        String format = schema.text("format");
        if (pattern != null && format != null) {
            throw schema.invalid("format", "no format beside a pattern");
        }
        if (pattern != null) {
            return CharAutomaton.ofRegex(pattern, schema.path() + ".pattern");
        }
        if (format == null) {
            return null;
        }
        String known = Formats.PATTERNS.get(format);
        if (known == null) {
            throw schema.invalid(
                    "format",
                    "one of " + Formats.PATTERNS.keySet().stream().sorted().toList());
        }
        return CharAutomaton.ofRegex(known, schema.path() + ".format");
    }

    private void number(SchemaKeywords schema, boolean integer, int from, int to) {
        int step = stepDigits(schema, integer);
        BigDecimal minimum = schema.number("minimum");
        BigDecimal above = schema.number("exclusiveMinimum");
        BigDecimal maximum = schema.number("maximum");
        BigDecimal below = schema.number("exclusiveMaximum");
        boolean lowExcluded = above != null && (minimum == null || above.compareTo(minimum) >= 0);
        boolean highExcluded = below != null && (maximum == null || below.compareTo(maximum) <= 0);
        BigDecimal low = lowExcluded ? above : minimum;
        BigDecimal high = highExcluded ? below : maximum;
        if (low == null && high == null && step != 0 && !schema.has("multipleOf")) {
            json.number(from, to);
        } else if (low == null && high == null && step == 0) {
            json.integer(from, to);
        } else {
            builder.call(from, range(new NumberRange(low, lowExcluded, high, highExcluded, step)), to);
        }
    }

    private Rule range(NumberRange range) {
        Rule known = ranges.get(range);
        if (known != null) {
            return known;
        }
        Rule rule = builder.rule();
        ranges.put(range, rule);
        range.write(builder, rule.entry(), rule.exit());
        return rule;
    }

    /** Digits behind the point: {@code multipleOf} may be 1 or a power of ten below it. */
    private static int stepDigits(SchemaKeywords schema, boolean integer) {
        BigDecimal step = schema.number("multipleOf");
        int digits = FRACTION_DIGITS;
        if (step != null) {
            if (step.unscaledValue().intValue() != 1 || step.scale() < 0 || step.scale() > FRACTION_DIGITS) {
                throw schema.invalid("multipleOf", "1, 0.1, 0.01, ...; no other is supported by this server");
            }
            digits = step.scale();
        }
        return integer ? 0 : digits;
    }
}
