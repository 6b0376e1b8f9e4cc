package io.tern.text.piece;

import java.util.Arrays;

/** What a pair of neighbouring tokens merges into, and how early that rule was learnt. Immutable once filled. */
public final class PairTable {
    /** Returned for a pair that does not merge. */
    static final long NONE = -1;

    private static final long EMPTY = -1;

    private final long[] keys;
    private final long[] values;
    private final int mask;

    public PairTable(int expectedPairs) {
        int capacity = Integer.highestOneBit(Math.max(4, expectedPairs * 2)) * 2;
        keys = new long[capacity];
        values = new long[capacity];
        mask = capacity - 1;
        Arrays.fill(keys, EMPTY);
    }

    /** The first rule of a pair stays. */
    public void put(int left, int right, int rank, int merged) {
        int slot = slot(key(left, right));
        if (keys[slot] == EMPTY) {
            keys[slot] = key(left, right);
            values[slot] = (long) rank << 32 | merged;
        }
    }

    /** A rule for {@link #rank} and {@link #merged}, or NONE. */
    long get(int left, int right) {
        long key = key(left, right);
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : NONE;
    }

    static int rank(long rule) {
        return (int) (rule >>> 32);
    }

    static int merged(long rule) {
        return (int) rule;
    }

    private int slot(long key) {
        long mixed = key * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
