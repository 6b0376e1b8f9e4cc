package io.tern.generation.latent;

/**
 * A length cut into tiles that overlap; each fades out towards its ends, so that no seam is seen.
 *
 * @param length of the whole
 * @param tile length of each, at most the whole's
 * @param overlap of neighbours at least; the last tile may overlap more, since it ends where the whole ends
 */
record Tiles(int length, int tile, int overlap) {
    Tiles {
        if (!(0 <= overlap && overlap < tile && tile <= length)) {
            throw new IllegalArgumentException("length, tile, overlap: " + length + ", " + tile + ", " + overlap
                    + " (expected: 0 <= overlap < tile <= length)");
        }
    }

    /** Of so much of the whole as there is. */
    static Tiles of(int length, int tile, int overlap) {
        return tile < length ? new Tiles(length, tile, overlap) : new Tiles(length, length, 0);
    }

    /** The same in a finer measure. */
    Tiles times(int factor) {
        return new Tiles(factor * length, factor * tile, factor * overlap);
    }

    int count() {
        return 1 + Math.ceilDiv(length - tile, tile - overlap);
    }

    int start(int index) {
        return Math.min(index * (tile - overlap), length - tile);
    }

    /** Of one tile's element in what is mixed there, not yet divided by {@link #sums}. */
    double weight(int element) {
        double fromTheEnd = Math.min(element, tile - 1 - element) + 0.5;
        return overlap == 0 ? 1 : Math.min(1, fromTheEnd / overlap);
    }

    /** Of the weights that all tiles have in each element of the whole. */
    double[] sums() {
        double[] sums = new double[length];
        for (int index = 0; index < count(); index++) {
            for (int i = 0; i < tile; i++) {
                sums[start(index) + i] += weight(i);
            }
        }
        return sums;
    }
}
