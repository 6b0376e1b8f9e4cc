package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.tensor.FloatTensor;

/**
 * What the derivatives of a prediction add to a step of an exponential integrator, where the derivatives are divided
 * differences over the last steps. Lu et al. 2022b, appendix A.
 *
 * @param second weight of the first derivative in a step of order 2
 * @param third weight of the first derivative in a step of order 3
 * @param curvature weight of the second derivative there, which is taken away
 */
record Extrapolation(double second, double third, double curvature) {
    /**
     * @param known values of {@code values} to use, 1..3
     * @param r0 length of the last step, in units of this one
     * @param r1 length of the step before it; of use where {@code known} is 3
     */
    void addTo(FloatTensor x, History values, int known, double r0, double r1) {
        switch (known) {
            case 1 -> {} // a constant has no derivatives
            case 2 -> addDifference(x, second / r0, values.get(0), values.get(1));
            default -> {
                // with slopes d0, d1: D' = d0 + (d0 − d1)·r0 / (r0 + r1), D'' = (d0 − d1) / (r0 + r1)
                double bend = (third * r0 - curvature) / (r0 + r1);
                addDifference(x, (third + bend) / r0, values.get(0), values.get(1));
                addDifference(x, -bend / r1, values.get(1), values.get(2));
            }
        }
    }

    private static void addDifference(FloatTensor x, double weight, FloatTensor newer, FloatTensor older) {
        LinearCombination.add(x, weight, newer);
        LinearCombination.add(x, -weight, older);
    }
}
