package io.tern.generation.ode;

import io.tern.base.TernException;

/**
 * How far one step may be off: absolute + relative·|x|, as a root mean square over all elements.
 *
 * @param relative 1e-8..1
 * @param absolute 1e-8..1
 */
public record Tolerance(double relative, double absolute) {
    /** Where a picture no longer changes to the eye. */
    public static final Tolerance DEFAULT = new Tolerance(1e-4, 1e-4);

    private static final double LEAST = 1e-8;

    public Tolerance {
        TernException.require(LEAST <= relative && relative <= 1, "sde.rtol", relative, "1e-8..1");
        TernException.require(LEAST <= absolute && absolute <= 1, "sde.atol", absolute, "1e-8..1");
    }
}
