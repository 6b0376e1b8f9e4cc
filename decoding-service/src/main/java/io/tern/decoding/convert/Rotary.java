package io.tern.decoding.convert;

import io.tern.base.TernException;

/**
 * Rotary position embedding: element pair i of a head is turned by position · frequency(i). Su et al. 2021, eq. 15.
 *
 * @param base wavelengths run from 2π to 2π·base before scaling
 * @param size elements of a head that are turned, the first ones; 0: none
 */
record Rotary(double base, RotaryScaling scaling, int size) {
    /** Of layers that know no positions. Kazemnejad et al. 2023 (NoPE). */
    static final Rotary NONE = new Rotary(2, RotaryScaling.NONE, 0);

    Rotary {
        TernException.require(base > 1 && base < 1e12, "rope base", base, "above 1");
        TernException.require(size % 2 == 0, "elements of a head that are turned", size, "an even number");
    }

    static Rotary plain(double base, int size) {
        return new Rotary(base, RotaryScaling.NONE, size);
    }

    /** Radians a position, for each of the size / 2 pairs. */
    double[] frequencies() {
        double[] frequencies = new double[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(base, -2.0 * i / size);
        }
        return scaling.scaled(frequencies, base);
    }

    /** What cosines and sines are multiplied with. */
    double magnitude() {
        return scaling.magnitude();
    }

    /** How many positions it is made for. */
    int longest() {
        return scaling.longest();
    }
}
