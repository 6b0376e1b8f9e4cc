package io.tern.decoding.grammar;

import org.jspecify.annotations.Nullable;

/** Strings: of a length, and of the form that {@code pattern} or {@code format} says. */
record StringSchema(NetworkBuilder builder, JsonText json) {
    /** All strings that the schema allows, between two states. */
    void write(SchemaKeywords schema, int from, int to) {
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
}
