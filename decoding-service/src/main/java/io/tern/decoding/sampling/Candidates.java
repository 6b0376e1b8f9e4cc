package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;

/**
 * Tokens that may still be drawn, with their logits less the greatest one and over the temperature. Truncations drop
 * some; their order is without meaning until the draw, which goes by token id, so that it does not depend on the
 * truncations' ways. Owned by one sampler.
 */
final class Candidates {
    private final int[] tokens;
    private final double[] logits;
    private int size;

    Candidates(int vocabularySize) {
        tokens = new int[vocabularySize];
        logits = new double[vocabularySize];
    }

    /** All tokens. The greatest logit is subtracted first: no temperature is so low that what is left overflows. */
    void fill(float[] row, double temperature) {
        float greatest = row[Logits.argMax(row)];
        size = row.length;
        for (int token = 0; token < size; token++) {
            tokens[token] = token;
            logits[token] = ((double) row[token] - greatest) / temperature;
        }
    }

    int size() {
        return size;
    }

    int token(int index) {
        return tokens[index];
    }

    /** At most 0, which is the likeliest one's. */
    double logit(int index) {
        return logits[index];
    }

    /** Drops what lies below. */
    void keepFrom(double lowest) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (logits[i] >= lowest) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    /** Orders the candidates as a heap, the likeliest on top; of equal ones the smallest id. */
    void heapify() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i, size);
        }
    }

    /** Of a heap of the first {@code heapSize} ones, moves the likeliest to its end and mends the rest. */
    void moveTopToEnd(int heapSize) {
        swap(0, heapSize - 1);
        siftDown(0, heapSize - 1);
    }

    /** Keeps the last {@code count} ones, sorted by id. */
    void keepLast(int count) {
        int from = size - count;
        for (int i = 0; i < count; i++) {
            move(from + i, i);
        }
        size = count;
        sortById();
    }

    private void move(int from, int to) {
        tokens[to] = tokens[from];
        logits[to] = logits[from];
    }

    private void swap(int a, int b) {
        int token = tokens[a];
        double logit = logits[a];
        move(b, a);
        tokens[b] = token;
        logits[b] = logit;
    }

    private boolean isLikelier(int a, int b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && tokens[a] < tokens[b]);
    }

    private void siftDown(int start, int heapSize) {
        int parent = start;
        for (int child = 2 * parent + 1; child < heapSize; child = 2 * parent + 1) {
            if (child + 1 < heapSize && isLikelier(child + 1, child)) {
                child++;
            }
            if (isLikelier(parent, child)) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
    }

    /** Heapsort with the greatest id on top. */
    private void sortById() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftIdDown(i, size);
        }
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            siftIdDown(0, end);
        }
    }

    private void siftIdDown(int start, int heapSize) {
        int parent = start;
        for (int child = 2 * parent + 1; child < heapSize; child = 2 * parent + 1) {
            if (child + 1 < heapSize && tokens[child + 1] > tokens[child]) {
                child++;
            }
            if (tokens[parent] > tokens[child]) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
    }
}
