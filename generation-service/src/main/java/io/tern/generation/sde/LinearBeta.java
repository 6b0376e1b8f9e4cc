package io.tern.generation.sde;

/** β(t) = min + t·(max − min): how fast variance is added. Song et al. 2021, eq. 32. */
public record LinearBeta(double min, double max) {
    public LinearBeta {
        if (!(0 < min && min < max && max < 1e6)) { // written so that NaN fails too
            throw new IllegalArgumentException("min, max: " + min + ", " + max + " (expected: 0 < min < max < 1e6)");
        }
    }

    double at(double t) {
        return min + t * (max - min);
    }

    /** From 0 to t. */
    double integral(double t) {
        return t * (min + t * (max - min) / 2);
    }

    /** When the integral is so much. */
    double timeOf(double integral) {
        return 2 * integral / (min + Math.sqrt(min * min + 2 * (max - min) * integral));
    }

    /** That of the given minimum whose integral from 0 to 1 is so much. */
    static LinearBeta reaching(double integral, double min) {
        return new LinearBeta(min, 2 * integral - min);
    }
}
