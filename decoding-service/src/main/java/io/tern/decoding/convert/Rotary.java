package io.tern.decoding.convert;

import io.tern.base.TernException;

/**
 * Rotary position embedding: element pair i of a head is turned by position · frequency(i). Su et al. 2021, eq. 15.
 *
 * @param base wavelengths run from 2π to 2π·base before scaling
 */
record Rotary(double base, RotaryScaling scaling) {
    Rotary {
        TernException.require(base > 1 && base < 1e12, "rope base", base, "above 1");
    }

    static Rotary plain(double base) {
        return new Rotary(base, RotaryScaling.NONE);
    }

    /** Radians a position, for each of the headSize / 2 pairs. */
    double[] frequencies(int headSize) {
        double[] frequencies = new double[headSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(base, -2.0 * i / headSize);
        }
        return scaling.scaled(frequencies, base);
    }

    /** What cosines and sines are multiplied with. */
    double magnitude() {
        return scaling.magnitude();
    }
}
