package io.tern.detection.box;

import java.util.Arrays;

/**
 * The best of many scores, at most a fixed number: a heap with the worst on top, so that a threshold near zero, which
 * lets in each box of each class, costs no more than a bounded sort. Of equal scores the lower index is the better.
 */
public final class BestScores {
    /** The score's bits above the inverted index: the order of the keys is that of the scores. */
    private final long[] heap;

    private int size;

    public BestScores(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: at least 1)");
        }
        heap = new long[capacity];
    }

    /** @param score at least 0; NaN is no score and is left out */
    public void offer(float score, int index) {
        if (!(score >= 0)) {
            return;
        }
        // + 0f, since the bits of -0 are those of a negative number.
        long key = (long) Float.floatToIntBits(score + 0f) << 32 | Integer.toUnsignedLong(~index);
        if (size < heap.length) {
            heap[size] = key;
            siftUp(size++);
        } else if (key > heap[0]) {
            heap[0] = key;
            siftDown();
        }
    }

    /** The indices, best first. */
    public int[] indices() {
        long[] keys = Arrays.copyOf(heap, size);
        Arrays.sort(keys);
        int[] indices = new int[size];
        for (int i = 0; i < size; i++) {
            indices[i] = ~(int) keys[size - 1 - i];
        }
        return indices;
    }

    private void siftUp(int from) {
        int child = from;
        while (child > 0 && heap[child] < heap[(child - 1) / 2]) {
            swap(child, (child - 1) / 2);
            child = (child - 1) / 2;
        }
    }

    private void siftDown() {
        int parent = 0;
        while (2 * parent + 1 < size) {
            int child = 2 * parent + 1;
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[parent] <= heap[child]) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
    }

    private void swap(int a, int b) {
        long key = heap[a];
        heap[a] = heap[b];
        heap[b] = key;
    }
}
