package io.tern.generation.sde;

/**
 * The drift of the way back, ofX·x + ofScore·∇ log p(x), for any SDE.
 *
 * <p>Song et al. 2021, eq. 6 and 13: both ways back have the same marginals, one with noise of g(t) and one without.
 */
public record ReverseDrift(double ofX, double ofScore) {
    /** Of the reverse-time SDE. */
    public static ReverseDrift ofSde(Sde sde, double t) {
        double g = sde.diffusion(t);
        return new ReverseDrift(sde.drift(t), -g * g);
    }

    /** Of the probability-flow ODE. */
    public static ReverseDrift ofFlow(Sde sde, double t) {
        double g = sde.diffusion(t);
        return new ReverseDrift(sde.drift(t), -g * g / 2);
    }
}
