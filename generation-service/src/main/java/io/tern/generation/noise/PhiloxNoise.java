package io.tern.generation.noise;

import io.tern.tensor.FloatTensor;

/**
 * Standard-normal noise by counter. For element e of step t of picture p under seed s:
 *
 * <pre>
 * key     = (s mod 2³², s div 2³²)
 * counter = (e div 4, t, p, 0)
 * u₀…u₃   = (word + ½) / 2³² of Philox4x32-10's four words
 * e mod 4 = 0: √(−2 ln u₀) cos 2πu₁    1: √(−2 ln u₀) sin 2πu₁    2, 3: the same of u₂, u₃
 * </pre>
 *
 * in float64 with fdlibm's functions, rounded to float32 (Box and Muller 1958). No value is further out than 6.77.
 * {@code models/golden/generation/noise_reference.py} is the same in Python.
 */
public final class PhiloxNoise implements Noise {
    private static final double UNIT = 0x1p-32;

    private final int seedLow;
    private final int seedHigh;
    private final int picture;

    /** @param picture index of the picture within its request, from 0 */
    public PhiloxNoise(long seed, int picture) {
        seedLow = (int) seed;
        seedHigh = (int) (seed >>> 32);
        this.picture = picture;
    }

    @Override
    public void fill(int step, FloatTensor into) {
        int[] words = new int[4];
        for (long element = 0; element < into.size(); element += 4) {
            words[0] = (int) (element >>> 2);
            words[1] = step;
            words[2] = picture;
            words[3] = 0;
            Philox.words(words, seedLow, seedHigh);
            setPair(into, element, words[0], words[1]);
            setPair(into, element + 2, words[2], words[3]);
        }
    }

    // StrictMath, because Math may differ in the last bit between machines.
    private static void setPair(FloatTensor into, long element, int word0, int word1) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform(word0)));
        double angle = 2 * Math.PI * uniform(word1);
        setIfInside(into, element, radius * StrictMath.cos(angle));
        setIfInside(into, element + 1, radius * StrictMath.sin(angle));
    }

    private static void setIfInside(FloatTensor into, long element, double value) {
        if (element < into.size()) {
            into.set(element, (float) value);
        }
    }

    /** In (0, 1): never 0, whose logarithm is infinite. */
    private static double uniform(int word) {
        return (Integer.toUnsignedLong(word) + 0.5) * UNIT;
    }
}
