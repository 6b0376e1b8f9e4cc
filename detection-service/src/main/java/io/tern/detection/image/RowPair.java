package io.tern.detection.image;

/**
 * Two rows of a picture after their first treatment. From one row of a result to the next the pair moves downwards, and
 * what both have in common is not made again. One thread's.
 *
 * @param <T> array of a row's values
 */
final class RowPair<T> {
    private static final int NONE = -1;

    private final Maker<T> maker;
    private T low;
    private T high;
    private int lowRow = NONE;
    private int highRow = NONE;

    /** Writes row number {@code row} to the array. */
    @FunctionalInterface
    interface Maker<T> {
        void make(int row, T to);
    }

    /** @param low and {@code high}: room for a row each */
    RowPair(Maker<T> maker, T low, T high) {
        this.maker = maker;
        this.low = low;
        this.high = high;
    }

    void moveTo(int newLow, int newHigh) {
        if (newLow == highRow) {
            swap();
        }
        if (newLow != lowRow) {
            maker.make(newLow, low);
            lowRow = newLow;
        }
        if (newHigh != highRow) {
            maker.make(newHigh, high);
            highRow = newHigh;
        }
    }

    T low() {
        return low;
    }

    T high() {
        return high;
    }

    private void swap() {
        T values = low;
        low = high;
        high = values;
        int row = lowRow;
        lowRow = highRow;
        highRow = row;
    }
}
