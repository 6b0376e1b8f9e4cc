package io.tern.imaging.webp;

import java.util.Arrays;
import java.util.PriorityQueue;

/** A canonical Huffman code for symbols of known counts, as VP8L writes it; RFC 9649, 3.7.2.1. */
final class PrefixCode {
    private static final int LONGEST = 15;
    /** Of the code in which the lengths of a code are written. */
    private static final int LONGEST_OF_LENGTHS = 7;

    /** In this order the lengths of that code are told, the likely ones first. */
    private static final int[] LENGTH_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    /** So many zeros, told in seven bits. */
    private static final int MANY_ZEROS = 18;

    private static final int FEWEST_OF_MANY = 11;
    private static final int MOST_OF_MANY = 138;

    /** Bits by symbol; 0 for one that does not occur, and for the only one that does. */
    private final int[] lengths;
    /** By symbol, the bit that is read first lowest. */
    private final int[] codes;
    /** That occur, in ascending order. */
    private final int[] symbols;

    private PrefixCode(int[] lengths, int[] symbols) {
        this.lengths = lengths;
        this.symbols = symbols;
        this.codes = codes(lengths);
    }

    /** @param counts how often each symbol occurs */
    static PrefixCode of(int[] counts) {
        return of(counts, LONGEST);
    }

    private static PrefixCode of(int[] counts, int longest) {
        int[] symbols = java.util.stream.IntStream.range(0, counts.length)
                .filter(symbol -> counts[symbol] > 0)
                .toArray();
        return new PrefixCode(lengths(counts, symbols, longest), symbols);
    }

    void write(BitWriter out, int symbol) {
        out.write(codes[symbol], lengths[symbol]);
    }

    /** The code itself, for the reader. */
    void writeTable(BitWriter out) {
        if (symbols.length <= 2 && Arrays.stream(symbols).allMatch(symbol -> symbol < 256)) {
            writeOneOrTwo(out);
        } else {
            writeLengths(out);
        }
    }

    private void writeOneOrTwo(BitWriter out) {
        int first = symbols.length == 0 ? 0 : symbols[0];
        boolean two = symbols.length == 2;
        out.write(1, 1);
        out.write(two ? 1 : 0, 1);
        out.write(1, 1); // the first symbol takes eight bits
        out.write(first, 8);
        if (two) {
            out.write(symbols[1], 8);
        }
    }

    /** Lengths as they are and long runs of zeros, in a code of their own. */
    private void writeLengths(BitWriter out) {
        int[] counts = new int[LENGTH_ORDER.length];
        forEachLength((length, _) -> counts[length]++);
        PrefixCode inner = of(counts, LONGEST_OF_LENGTHS);
        out.write(0, 1);
        out.write(LENGTH_ORDER.length - 4, 4);
        for (int length : LENGTH_ORDER) {
            // A code with one symbol says so by a length of 1, although the symbol then takes no bits.
            out.write(inner.symbols.length == 1 && length == inner.symbols[0] ? 1 : inner.lengths[length], 3);
        }
        out.write(0, 1); // lengths of all symbols follow
        forEachLength((length, zeros) -> {
            inner.write(out, length);
            if (length == MANY_ZEROS) {
                out.write(zeros - FEWEST_OF_MANY, 7);
            }
        });
    }

    @FunctionalInterface
    private interface LengthSink {
        /** @param zeros how many {@link #MANY_ZEROS} stands for */
        void accept(int length, int zeros);
    }

    private void forEachLength(LengthSink sink) {
        for (int at = 0; at < lengths.length; ) {
            int zeros = 0;
            while (at + zeros < lengths.length && lengths[at + zeros] == 0 && zeros < MOST_OF_MANY) {
                zeros++;
            }
            if (zeros >= FEWEST_OF_MANY) {
                sink.accept(MANY_ZEROS, zeros);
                at += zeros;
            } else {
                sink.accept(lengths[at++], 0);
            }
        }
    }

    /** A part of the tree: a symbol, or two parts that have been joined. */
    private record Node(long count, int order, int symbol, Node[] parts) {}

    private static int[] lengths(int[] counts, int[] symbols, int longest) {
        int[] lengths = new int[counts.length];
        if (symbols.length < 2) {
            return lengths;
        }
        // Counts that are more alike give a flatter tree; with all alike it has nine levels at most.
        for (int least = 1; ; least *= 2) {
            fill(lengths, tree(counts, symbols, least), 0);
            if (Arrays.stream(lengths).max().orElseThrow() <= longest) {
                return lengths;
            }
        }
    }

    private static Node tree(int[] counts, int[] symbols, int least) {
        // The order makes the tree the same in every run where counts are equal.
        PriorityQueue<Node> parts = new PriorityQueue<>(
                (a, b) -> a.count != b.count ? Long.compare(a.count, b.count) : Integer.compare(a.order, b.order));
        int order = 0;
        for (int symbol : symbols) {
            parts.add(new Node(Math.max(counts[symbol], least), order++, symbol, new Node[0]));
        }
        while (true) {
            Node rarest = parts.remove();
            Node next = parts.poll();
            if (next == null) {
                return rarest;
            }
            parts.add(new Node(rarest.count + next.count, order++, -1, new Node[] {rarest, next}));
        }
    }

    private static void fill(int[] lengths, Node node, int depth) {
        if (node.symbol >= 0) {
            lengths[node.symbol] = depth;
        }
        for (Node part : node.parts) {
            fill(lengths, part, depth + 1);
        }
    }

    private static int[] codes(int[] lengths) {
        int[] codes = new int[lengths.length];
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    codes[symbol] = Integer.reverse(code++) >>> (Integer.SIZE - length);
                }
            }
            code <<= 1;
        }
        return codes;
    }
}
