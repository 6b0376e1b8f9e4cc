package io.tern.decoding.sampling;

/**
 * e^x for softmaxes over whole vocabularies: plain arithmetic, so that it has the same bits on every machine, as {@link
 * StrictMath} has, at a fraction of its time. Rounds x / ln 2 to an integer k, takes the Taylor series of the rest r,
 * |r| <= ln 2 / 2, up to r^13 / 13!, and puts k into the exponent.
 */
public final class Exponential {
    /** Below it the result would be subnormal. */
    private static final double LOWEST = -708;

    /** Adding it leaves no bits behind the point; the integer is in the low bits. */
    private static final double ROUNDING = 0x1.8p52;

    private static final double LOG2_E = 0x1.71547652b82fep0;
    /** ln 2 in two parts, the first with so few bits that its product with k is exact. */
    private static final double LN2_HIGH = 0x1.62e42fefa38p-1;

    private static final double LN2_LOW = 0x1.ef35793c7673p-45;
    private static final int BIAS = 1023;
    private static final int FRACTION_BITS = 52;

    private Exponential() {}

    /**
     * @param x at most 0, as logits are less the greatest one
     * @return within 2 units in the last place; 0 below -708; NaN of NaN
     */
    public static double of(double x) {
        if (x < LOWEST) {
            return 0;
        }
        double rounded = x * LOG2_E + ROUNDING;
        double k = rounded - ROUNDING;
        double r = x - k * LN2_HIGH - k * LN2_LOW;
        return series(r) * Double.longBitsToDouble((long) (k + BIAS) << FRACTION_BITS);
    }

    private static double series(double r) {
        double sum = 1 / 6227020800.0;
        sum = sum * r + 1 / 479001600.0;
        sum = sum * r + 1 / 39916800.0;
        sum = sum * r + 1 / 3628800.0;
        sum = sum * r + 1 / 362880.0;
        sum = sum * r + 1 / 40320.0;
        sum = sum * r + 1 / 5040.0;
        sum = sum * r + 1 / 720.0;
        sum = sum * r + 1 / 120.0;
        sum = sum * r + 1 / 24.0;
        sum = sum * r + 1 / 6.0;
        sum = sum * r + 0.5;
        sum = sum * r + 1;
        return sum * r + 1;
    }
}
