package io.tern.generation.ode;

import io.tern.generation.linear.LinearCombination;
import io.tern.tensor.FloatTensor;

/**
 * Between two latents along a great circle, so that what lies between is as long as noise is. Shoemake 1985; used so by
 * Song, Meng and Ermon 2021, section 5.3.
 */
public final class SphericalInterpolation {
    private SphericalInterpolation() {}

    /** @param fraction 0 is the first, 1 the second */
    public static void between(FloatTensor out, FloatTensor first, FloatTensor second, double fraction) {
        double angle =
                Math.acos(Math.clamp(dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second)), -1, 1));
        if (angle < 1e-6) { // one and the same direction
            LinearCombination.combine(out, 1 - fraction, first, fraction, second);
            return;
        }
        LinearCombination.combine(
                out,
                Math.sin((1 - fraction) * angle) / Math.sin(angle),
                first,
                Math.sin(fraction * angle) / Math.sin(angle),
                second);
    }

    private static double dot(FloatTensor a, FloatTensor b) {
        double sum = 0;
        for (long i = 0; i < a.size(); i++) {
            sum += (double) a.get(i) * b.get(i);
        }
        return sum;
    }
}
