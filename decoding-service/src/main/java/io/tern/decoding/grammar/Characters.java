package io.tern.decoding.grammar;

import io.tern.decoding.grammar.CodePoints.Range;
import io.tern.decoding.grammar.NetworkBuilder.Rule;
import java.util.HashMap;
import java.util.Map;

/** Writes one character of a set as edges of a network, each set once. Owned by one compilation. */
abstract sealed class Characters {
    final NetworkBuilder builder;
    private final Map<CodePoints, Rule> rules = new HashMap<>();

    private Characters(NetworkBuilder builder) {
        this.builder = builder;
    }

    final void write(int from, CodePoints set, int to) {
        if (set.isEmpty()) {
            return;
        }
        Rule rule = rules.get(set);
        if (rule == null) {
            rule = builder.rule();
            rules.put(set, rule);
            for (Range range : set.ranges()) {
                encode(rule.entry(), range.first(), range.last(), rule.exit());
            }
        }
        builder.call(from, rule, to);
    }

    abstract void encode(int from, int first, int last, int to);

    /** As UTF-8. */
    static final class Utf8 extends Characters {
        Utf8(NetworkBuilder builder) {
            super(builder);
        }

        @Override
        void encode(int from, int first, int last, int to) {
            utf8(from, first, last, to);
        }
    }

    /** As within a JSON string: what has a short escape is escaped, other control characters cannot be written. */
    static final class Json extends Characters {
        private static final int FIRST_PRINTABLE = ' ';
        private static final String ESCAPED = "\b\t\n\f\r\"\\";
        private static final String LETTERS = "btnfr\"\\";

        Json(NetworkBuilder builder) {
            super(builder);
        }

        @Override
        void encode(int from, int first, int last, int to) {
            int next = Math.max(first, FIRST_PRINTABLE);
            for (int i = 0; i < ESCAPED.length(); i++) {
                int escaped = ESCAPED.charAt(i); // in order of their code points
                if (first <= escaped && escaped <= last) {
                    builder.literal(from, "\\" + LETTERS.charAt(i), to);
                    if (escaped > next) {
                        utf8(from, next, escaped - 1, to);
                    }
                    next = Math.max(next, escaped + 1);
                }
            }
            if (next <= last) {
                utf8(from, next, last, to);
            }
        }
    }

    /**
     * Edges for the UTF-8 of a range without surrogates, which is cut until all its encodings have one length and differ
     * in each byte by a range of its own. Cox 2010, "Regular expression matching in the wild".
     */
    final void utf8(int from, int first, int last, int to) {
        for (int most : new int[] {0x7f, 0x7ff, 0xffff}) {
            if (first <= most && most < last) {
                utf8(from, first, most, to);
                utf8(from, most + 1, last, to);
                return;
            }
        }
        int length = length(first);
        for (int tail = 1; tail < length; tail++) {
            int below = (1 << (6 * tail)) - 1;
            if ((first & ~below) != (last & ~below)) {
                if ((first & below) != 0) {
                    utf8(from, first, first | below, to);
                    utf8(from, (first | below) + 1, last, to);
                    return;
                }
                if ((last & below) != below) {
                    utf8(from, first, (last & ~below) - 1, to);
                    utf8(from, last & ~below, last, to);
                    return;
                }
            }
        }
        int at = from;
        for (int i = 0; i < length; i++) {
            int next = i == length - 1 ? to : builder.state();
            builder.bytes(at, utf8Byte(first, i, length), utf8Byte(last, i, length), next);
            at = next;
        }
    }

    private static int length(int codePoint) {
        return codePoint <= 0x7f ? 1 : codePoint <= 0x7ff ? 2 : codePoint <= 0xffff ? 3 : 4;
    }

    private static int utf8Byte(int codePoint, int index, int length) {
        if (length == 1) {
            return codePoint;
        }
        int bits = codePoint >>> (6 * (length - 1 - index));
        int lead = 0xf00 >>> length & 0xff; // 110, 1110, 11110 and zeros
        return index == 0 ? lead | bits : 0x80 | (bits & 0x3f);
    }
}
