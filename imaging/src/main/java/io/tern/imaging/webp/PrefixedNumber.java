package io.tern.imaging.webp;

/** A number from 1 on as a symbol for its size and the rest as bits; RFC 9649, 3.6.2.2. */
final class PrefixedNumber {
    private PrefixedNumber() {}

    static int symbol(int number) {
        int value = number - 1;
        if (value < 4) {
            return value;
        }
        int highest = highest(value);
        return 2 * highest + (value >> (highest - 1) & 1);
    }

    static void writeRest(BitWriter out, int number) {
        int value = number - 1;
        if (value >= 4) {
            int bits = highest(value) - 1;
            out.write(value & ((1 << bits) - 1), bits);
        }
    }

    private static int highest(int value) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
    }
}
