package io.tern.decoding.grammar;

import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** Numbers within bounds and of so many digits. A range becomes a rule, written once however often it is used. */
final class NumberSchema {
    private static final int FRACTION_DIGITS = 12;

    private final NetworkBuilder builder;
    private final JsonText json;
    private final Map<NumberRange, Rule> ranges = new HashMap<>();

    NumberSchema(NetworkBuilder builder, JsonText json) {
        this.builder = builder;
        this.json = json;
    }

    /** All numbers that the schema allows, between two states. */
    void write(SchemaKeywords schema, boolean integer, int from, int to) {
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
