package io.tern.imaging.webp;

import java.util.Arrays;

/** Pixels as they are or as copies of pixels before them, by Lempel and Ziv 1977; RFC 9649, 3.6.2. */
final class BackwardReferences {
    private static final int PIXEL = 3;
    /** A shorter copy costs as much as its pixels. */
    private static final int SHORTEST = 4;
    /** Of the format. */
    private static final int LONGEST = 4096;
    /** Distances are told in 40 symbols of two for each power of 2, less the 120 codes of near places. */
    private static final int FARTHEST = (1 << 20) - 120;

    private static final int HASH_BITS = 16;

    private final byte[] pixels;
    private final int count;
    private final int width;

    /** @param pixels three bytes each */
    BackwardReferences(byte[] pixels, int width) {
        this.pixels = pixels;
        this.count = pixels.length / PIXEL;
        this.width = width;
    }

    /** Takes what pixels are told by, in their order. */
    interface Sink {
        /** @param at byte that the pixel begins at */
        void literal(int at);

        /** @param length pixels; @param distance pixels back, at least 1 */
        void copy(int length, int distance);
    }

    /** The same in each walk. */
    void walk(Sink sink) {
        int[] latest = new int[1 << HASH_BITS]; // where pixels of a hash were seen last, plus 1
        for (int at = 0; at < count; ) {
            int distance = 0;
            int length = 0;
            if (at + SHORTEST <= count) {
                int hash = hash(at);
                // Besides what was seen last: the pixel before, which makes runs, and the row above.
                for (int candidate : new int[] {1, width, latest[hash] == 0 ? 0 : at + 1 - latest[hash]}) {
                    int found = candidate < 1 || candidate > Math.min(at, FARTHEST) ? 0 : matching(at, candidate);
                    if (found > length) {
                        length = found;
                        distance = candidate;
                    }
                }
            }
            if (length < SHORTEST) {
                length = 1;
                sink.literal(PIXEL * at);
            } else {
                sink.copy(length, distance);
            }
            for (int end = at + length; at < end; at++) {
                if (at + SHORTEST <= count) {
                    latest[hash(at)] = at + 1;
                }
            }
        }
    }

    /** How many pixels from here on are those of so many pixels before. */
    private int matching(int at, int distance) {
        int from = PIXEL * at;
        int end = PIXEL * Math.min(count, at + LONGEST);
        int before = from - PIXEL * distance;
        int differs = Arrays.mismatch(pixels, from, end, pixels, before, before + end - from);
        return (differs < 0 ? end - from : differs) / PIXEL;
    }

    private int hash(int at) {
        int hash = 0;
        for (int i = PIXEL * at; i < PIXEL * (at + SHORTEST); i++) {
            hash = 31 * hash + pixels[i];
        }
        return (hash * 0x9e3779b1) >>> (Integer.SIZE - HASH_BITS);
    }
}
