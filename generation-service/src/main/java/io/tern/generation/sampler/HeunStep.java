package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.tensor.FloatTensor;

/** One step of Karras et al. 2022, algorithm 1: an Euler step, then another with the mean of both slopes. */
final class HeunStep {
    /** σ that stands for infinity, where flow models begin: the mean with a slope from there says nothing. */
    private static final double INFINITE = 1e5;

    private final SigmaWalk walk;
    private final FloatTensor ahead;
    private final FloatTensor data;
    private final FloatTensor dataAhead;

    HeunStep(SigmaWalk walk) {
        this.walk = walk;
        ahead = walk.buffer();
        data = walk.buffer();
        dataAhead = walk.buffer();
    }

    /** The data as the last step's beginning saw them. */
    FloatTensor data() {
        return data;
    }

    /** From one level to the next. */
    void take(NoiseLevel level, NoiseLevel nextLevel) {
        double sigma = level.sigma();
        double next = nextLevel.sigma();
        FloatTensor x = walk.x();
        walk.denoise(data, x, level);
        walk.approach(ahead, x, sigma, next, data);
        if (next == 0 || sigma > INFINITE) {
            x.copyFrom(ahead);
            return;
        }
        walk.denoise(dataAhead, ahead, nextLevel);
        double half = (next - sigma) / 2;
        // x + half · ((x − D) / σ + (x' − D') / σ')
        LinearCombination.combine(x, 1 + half / sigma, x, -half / sigma, data);
        LinearCombination.add(x, half / next, ahead);
        LinearCombination.add(x, -half / next, dataAhead);
    }
}
