package io.tern.generation.predictor;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.sde.SdeWalk;

/**
 * Undoes one step of the forward process, x' → kept·x' + added·z. Song et al. 2021, eq. 46. For the variance-preserving
 * SDE that step is DDPM's, with 1 − β = kept²; for the exploding one it is SMLD's, with kept = 1.
 */
public final class ReverseDiffusion implements Predictor {
    @Override
    public void step(SdeWalk walk, double from, double to) {
        NoiseLevel now = walk.sde().marginal(from);
        NoiseLevel next = walk.sde().marginal(to);
        double kept = now.signal() / next.signal();
        double added = now.noise() * now.noise() - kept * kept * next.noise() * next.noise();
        walk.move(2 - kept, added, walk.score(from), Math.sqrt(added));
    }
}
