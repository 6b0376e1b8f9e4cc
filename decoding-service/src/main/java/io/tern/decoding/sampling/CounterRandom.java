package io.tern.decoding.sampling;

/**
 * Random numbers by place instead of by turn: the number of a place depends on the seed and the place alone, so a token
 * is drawn the same however many were drafted, and whoever else is served. The hash is SplitMix64's (Steele et al. 2014),
 * of the seed first and of the place then.
 */
public record CounterRandom(long seed) {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final double UNIT = 0x1.0p-53;

    /** Uniform in [0, 1). */
    public double uniform(long place) {
        long bits = mix(mix(seed + GOLDEN_GAMMA) + (place + 1) * GOLDEN_GAMMA);
        return (bits >>> 11) * UNIT;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
