package io.tern.generation.sampler;

/**
 * A step from σ to σ' in two parts: down without noise, then up with some, so that the whole has the variance of σ'.
 * With η = 1 it is the posterior of Song et al. 2021, eq. 47; η = 0 adds none.
 */
record AncestralStep(double down, double up) {
    static AncestralStep between(double from, double to, double eta) {
        double up = Math.min(to, eta * Math.sqrt(to * to * (from * from - to * to) / (from * from)));
        return new AncestralStep(Math.sqrt(to * to - up * up), up);
    }
}
