package io.tern.decoding.grammar;

import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/** Numbers within bounds and of so many digits. A range becomes a rule, written once however often it is used. */
final class NumberSchema {
    private static final int FRACTION_DIGITS = 12;
    private static final BigInteger LARGEST_UNIT = BigInteger.valueOf(100);

    private final NetworkBuilder builder;
    private final JsonText json;
    private final Map<NumberRange, Rule> ranges = new HashMap<>();

    NumberSchema(NetworkBuilder builder, JsonText json) {
        this.builder = builder;
        this.json = json;
    }

    /** All numbers that the schema allows, between two states. */
    void write(SchemaKeywords schema, boolean integer, int from, int to) {
        Multiples multiples = multiples(schema, integer);
        BigDecimal minimum = schema.number("minimum");
        BigDecimal above = schema.number("exclusiveMinimum");
        BigDecimal maximum = schema.number("maximum");
        BigDecimal below = schema.number("exclusiveMaximum");
        boolean lowExcluded = above != null && (minimum == null || above.compareTo(minimum) >= 0);
        boolean highExcluded = below != null && (maximum == null || below.compareTo(maximum) <= 0);
        BigDecimal low = lowExcluded ? above : minimum;
        BigDecimal high = highExcluded ? below : maximum;
        boolean unbounded = low == null && high == null;
        if (unbounded && !integer && !schema.has("multipleOf")) {
            json.number(from, to);
        } else if (unbounded && multiples.fractionDigits() == 0 && multiples.unit() == 1) {
            json.integer(from, to);
        } else {
            builder.call(from, range(new NumberRange(low, lowExcluded, high, highExcluded, multiples)), to);
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

    /** The remainders of a division are states of the network, hence the bound. */
    private static Multiples multiples(SchemaKeywords schema, boolean integer) {
        BigDecimal step = schema.number("multipleOf");
        if (step == null) {
            return new Multiples(1, FRACTION_DIGITS, integer ? 0 : FRACTION_DIGITS);
        }
        BigDecimal plain = step.setScale(Math.max(0, step.scale()));
        BigInteger unit = plain.unscaledValue();
        if (unit.signum() <= 0 || unit.compareTo(LARGEST_UNIT) > 0 || plain.scale() > FRACTION_DIGITS) {
            throw schema.invalid(
                    "multipleOf",
                    "1.." + LARGEST_UNIT + ", or as many tenths, hundredths, ... of up to " + FRACTION_DIGITS
                            + " digits");
        }
        return new Multiples(unit.intValue(), plain.scale(), integer ? 0 : plain.scale());
    }
}
