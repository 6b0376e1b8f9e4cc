package io.tern.text.piece;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Merges the bytes of one piece after another: always the neighbours whose rule was learnt first, the leftmost of
 * equal ones. A linked list of symbols and a heap of rules make that O(n log n), also for a megabyte of one letter.
 * Owned by one thread.
 */
public final class MergeWork {
    private static final int GONE = -1;

    private final PairTable pairs;
    private int[] symbols = new int[64];
    private int[] previous = new int[64];
    private int[] next = new int[64];
    private int count;
    /** A binary heap of rank and place; an entry whose pair has changed since is passed over when it comes up. */
    private long[] heap = new long[64];

    private int heapSize;

    public MergeWork(PairTable pairs) {
        this.pairs = pairs;
    }

    public void add(int symbol) {
        if (count == symbols.length) {
            symbols = Arrays.copyOf(symbols, count * 2);
            previous = Arrays.copyOf(previous, count * 2);
            next = Arrays.copyOf(next, count * 2);
        }
        symbols[count] = symbol;
        previous[count] = count - 1;
        next[count] = count + 1;
        count++;
    }

    /** Merges what was added, hands out the tokens and is empty again. */
    public void finish(IntConsumer tokens) {
        for (int i = 0; i + 1 < count; i++) {
            offer(i);
        }
        while (heapSize > 0) {
            long top = poll();
            mergeAt((int) top, (int) (top >>> 32));
        }
        for (int i = 0; i < count; i = next[i]) {
            tokens.accept(symbols[i]);
        }
        count = 0;
    }

    private void mergeAt(int place, int rank) {
        long rule = ruleAt(place);
        if (rule == PairTable.NONE || PairTable.rank(rule) != rank) {
            return;
        }
        int absorbed = next[place];
        symbols[place] = PairTable.merged(rule);
        symbols[absorbed] = GONE;
        next[place] = next[absorbed];
        if (next[place] < count) {
            previous[next[place]] = place;
            offer(place);
        }
        if (previous[place] >= 0) {
            offer(previous[place]);
        }
    }

    private long ruleAt(int place) {
        boolean pair = symbols[place] != GONE && next[place] < count;
        return pair ? pairs.get(symbols[place], symbols[next[place]]) : PairTable.NONE;
    }

    private void offer(int place) {
        long rule = ruleAt(place);
        if (rule == PairTable.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = (long) PairTable.rank(rule) << 32 | place;
        int at = heapSize++;
        for (int parent = (at - 1) >> 1; at > 0 && heap[parent] > entry; parent = (at - 1) >> 1) {
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = entry;
    }

    private long poll() {
        long top = heap[0];
        long entry = heap[--heapSize];
        int at = 0;
        for (int child = 1; child < heapSize; child = 2 * at + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= entry) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = entry;
        return top;
    }
}
