package io.tern.decoding.convert;

/**
 * Rows of queries or keys as the attention's kernel turns them: element i of a head with element size / 2 + i. Elements that
 * are not turned are pairs, too, behind the others.
 *
 * @param size of a head
 * @param turned its first elements, which the rotary embedding turns; even
 * @param interleaved whether elements 2i and 2i + 1 are turned together, and not i and turned / 2 + i
 */
record HeadOrder(int size, int turned, boolean interleaved) implements RowOrder {
    boolean isKernels() {
        return turned == 0 || (turned == size && !interleaved);
    }

    @Override
    public int source(int row) {
        int inHead = row % size;
        int pair = inHead % (size / 2);
        int second = inHead / (size / 2);
        return row - inHead + (pair < turned / 2 ? turned(pair, second) : turned + (pair - turned / 2) * 2 + second);
    }

    private int turned(int pair, int second) {
        return interleaved ? 2 * pair + second : pair + second * (turned / 2);
    }
}
