package io.tern.decoding.grammar;

import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Arrays of a schema. */
final class ArraySchema {
    private final SchemaCompiler compiler;
    private final NetworkBuilder builder;
    private final JsonText json;
    private final SchemaKeywords schema;
    private final int depth;

    ArraySchema(SchemaCompiler compiler, SchemaKeywords schema, int depth) {
        this.compiler = compiler;
        this.json = compiler.json();
        this.builder = json.builder();
        this.schema = schema;
        this.depth = depth;
    }

    void write(int from, int to) {
        int least = schema.count("minItems", 0);
        int most = schema.count("maxItems", -1);
        if (schema.flag("uniqueItems") && (most < 0 || most > 1)) {
            throw schema.invalid("uniqueItems", "false; no other is supported by this server");
        }
        List<Rule> places = new ArrayList<>();
        List<JsonNode> prefix = prefix();
        for (JsonNode item : prefix) {
            places.add(rule(item, ".prefixItems"));
        }
        Rule rest = rest();
        int unrolled = most >= 0 ? most : Math.max(least, prefix.size());
        int at = json.open(from, "[");
        if (least == 0) {
            builder.literal(at, "]", to);
        }
        for (int count = 0; count < unrolled; count++) {
            int read = builder.state();
            builder.call(count == 0 ? at : json.comma(at), count < places.size() ? places.get(count) : rest, read);
            if (count + 1 >= least) {
                json.close(read, "]", to);
            }
            at = read;
        }
        if (most < 0) {
            further(at, unrolled, rest, to);
        }
    }

    /** Items without an upper bound, behind {@code count} ones. */
    private void further(int at, int count, Rule rest, int to) {
        int read = builder.state();
        builder.call(count == 0 ? at : json.comma(at), rest, read);
        builder.call(json.comma(read), rest, read);
        json.close(read, "]", to);
    }

    /** Drafts before 2020-12 write a list of items where it now is prefixItems. */
    private List<JsonNode> prefix() {
        JsonNode items = schema.get("items");
        return items != null && items.isArray() ? List.copyOf(items.values()) : schema.list("prefixItems");
    }

    /** Of items beyond the prefix; without a word on them there are none behind a prefix. */
    private Rule rest() {
        @Nullable JsonNode items = schema.get("items");
        boolean none = items == null ? schema.has("prefixItems") : items.isArray();
        if (none) {
            return builder.rule(); // which reads nothing, and so is never taken
        }
        if (items != null) {
            return rule(items, ".items");
        }
        Rule rule = builder.rule();
        json.value(rule.entry(), rule.exit());
        return rule;
    }

    private Rule rule(JsonNode item, String place) {
        Rule rule = builder.rule();
        compiler.write(item, schema.path() + place, rule.entry(), rule.exit(), depth + 1);
        return rule;
    }
}
