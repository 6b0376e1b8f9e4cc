package io.tern.generation.predictor;

import io.tern.generation.schedule.Posterior;
import io.tern.generation.sde.SdeWalk;

/**
 * Draws from the posterior of the earlier time given the data as they seem. Ho et al. 2020, algorithm 2, for the
 * variance-preserving SDE; Song et al. 2021, eq. 47, for the exploding one; the same formula for any other.
 */
public final class Ancestral implements Predictor {
    @Override
    public void step(SdeWalk walk, double from, double to) {
        Posterior posterior =
                Posterior.between(walk.sde().marginal(from), walk.sde().marginal(to));
        walk.move(posterior.ofX(), posterior.ofData(), walk.data(from), Math.sqrt(posterior.variance()));
    }
}
