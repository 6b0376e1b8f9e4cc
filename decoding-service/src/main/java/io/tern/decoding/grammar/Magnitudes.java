package io.tern.decoding.grammar;

import java.math.BigDecimal;

/** Numbers without a sign between two bounds, neither of them negative. */
record Magnitudes(BigDecimal least, boolean leastExcluded, BigDecimal most, boolean mostExcluded, Multiples multiples) {

    /** Of numbers with as many digits before the point, the greater is the one whose digits are. */
    void write(NetworkBuilder builder, int from, int to) {
        int shortest = wholeDigits(least);
        int longest = wholeDigits(most);
        for (int length = shortest; length <= longest; length++) {
            boolean atLeast = length == shortest;
            boolean atMost = length == longest;
            Digits low = new Digits(atLeast ? least : BigDecimal.TEN.pow(length - 1), atLeast && leastExcluded, length);
            Digits high = new Digits(atMost ? most : nines(length), atMost && mostExcluded, length);
            new DigitAutomaton(builder, length, multiples, low, high).write(from, to);
        }
    }

    private static int wholeDigits(BigDecimal value) {
        return value.toBigInteger().toString().length();
    }

    /** The greatest number of this length. */
    private BigDecimal nines(int length) {
        return BigDecimal.TEN.pow(length).subtract(BigDecimal.ONE.movePointLeft(multiples.fractionDigits()));
    }

    /** A bound's digits: {@code length} before the point, then those behind it. */
    record Digits(String text, boolean excluded) {
        Digits(BigDecimal value, boolean excluded, int length) {
            this(text(value, length), excluded);
        }

        private static String text(BigDecimal value, int length) {
            BigDecimal plain = value.setScale(Math.max(0, value.scale()));
            String digits = plain.unscaledValue().toString();
            return "0".repeat(Math.max(0, length + plain.scale() - digits.length())) + digits;
        }

        int at(int index) {
            return index < text.length() ? text.charAt(index) - '0' : 0;
        }

        /** Whether the bound is what its first digits are. */
        boolean isDecidedBy(int count) {
            return text.chars().skip(count).allMatch(c -> c == '0');
        }
    }
}
