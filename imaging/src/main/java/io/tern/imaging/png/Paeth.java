package io.tern.imaging.png;

/** The predictor of PNG's filter type 4; PNG specification, 9.4. */
final class Paeth {
    private Paeth() {}

    /**
     * All are bytes, 0..255. Without branches: in a photograph they go either way, and to guess them wrong costs more than
     * all else. A negative difference shifted by 31 is a mask of ones, any other of zeros.
     */
    static int predict(int left, int above, int aboveLeft) {
        int toLeft = Math.abs(above - aboveLeft);
        int toAbove = Math.abs(left - aboveLeft);
        int toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
        int isLeft = (toLeft - Math.min(toAbove, toAboveLeft) - 1) >> 31; // of equal ones left comes first
        int isAbove = (toAbove - toAboveLeft - 1) >> 31;
        int other = (above & isAbove) | (aboveLeft & ~isAbove);
        return (left & isLeft) | (other & ~isLeft);
    }
}
