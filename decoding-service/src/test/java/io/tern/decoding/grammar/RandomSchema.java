package io.tern.decoding.grammar;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of all kinds that are built, and values that such a schema allows, written as the grammar writes them. */
final class RandomSchema {
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final List<String> TEXTS =
            List.of("", "a", "ab", "\"", "\\", "é", "🎉👩‍🚀", "日本語", "a\nb", "\t", "null", "{}");

    private final Random random;

    RandomSchema(Random random) {
        this.random = random;
    }

    JsonNode schema(int depth) {
        ObjectNode schema = MAPPER.createObjectNode();
        switch (random.nextInt(depth > 0 ? 11 : 6)) {
            case 0 -> schema.put("type", "boolean");
            case 1 -> values(schema.putArray("enum"));
            case 2 -> number(schema.put("type", "integer"), 1);
            case 3 -> number(schema.put("type", "number"), 0.25);
            case 4 -> string(schema.put("type", "string"));
            case 5 -> schema.putArray("type").add("string").add("null").add("integer");
            case 6 -> array(schema.put("type", "array"), depth);
            case 7, 8 -> object(schema.put("type", "object"), depth);
            case 9 -> {
                ArrayNode options = schema.putArray("anyOf");
                for (int i = random.nextInt(3); i >= 0; i--) {
                    options.add(schema(depth - 1));
                }
            }
            default -> {
                object(schema.put("type", "object"), depth);
                ObjectNode more = schema.putArray("allOf").addObject();
                more.putObject("properties").set("z", schema(depth - 1));
                schema.remove("additionalProperties");
            }
        }
        return schema;
    }

    private void values(ArrayNode values) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> values.add(random.nextInt(100) - 50);
                case 1 -> values.addNull();
                case 2 -> values.add(random.nextBoolean());
                default -> values.add(text());
            }
        }
    }

    private void number(ObjectNode schema, double unit) {
        double low = (random.nextInt(400) - 200) * unit;
        double high = low + random.nextInt(1500) * unit + unit;
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", high + unit);
        }
    }

    private void string(ObjectNode schema) {
        if (random.nextInt(3) == 0) {
            schema.put(
                    "pattern",
                    List.of("^[a-c]{1,3}$", "^(ab|é)*$", "^\\d+[^\\d\\s]$").get(random.nextInt(3)));
        } else if (random.nextBoolean()) {
            int least = random.nextInt(3);
            schema.put("minLength", least).put("maxLength", least + random.nextInt(4));
        }
    }

    private void array(ObjectNode schema, int depth) {
        if (random.nextInt(3) == 0) {
            ArrayNode prefix = schema.putArray("prefixItems");
            for (int i = random.nextInt(2); i >= 0; i--) {
                prefix.add(schema(depth - 1));
            }
        }
        schema.set("items", schema(depth - 1));
        if (random.nextBoolean()) {
            int least = random.nextInt(3);
            schema.put("minItems", least);
            schema.put("maxItems", least + random.nextInt(3));
        }
    }

    private void object(ObjectNode schema, int depth) {
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String name : List.of("a", "b", "ab", "é\"")) {
            if (random.nextBoolean()) {
                properties.set(name, schema(depth - 1));
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        switch (random.nextInt(3)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", schema(depth - 1));
            default -> {}
        }
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
