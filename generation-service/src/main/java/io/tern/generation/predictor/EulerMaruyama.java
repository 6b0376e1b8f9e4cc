package io.tern.generation.predictor;

import io.tern.generation.sde.ReverseDrift;
import io.tern.generation.sde.SdeWalk;

/** x + drift·dt + g·√|dt|·z along the reverse-time SDE. Song et al. 2021, eq. 6; Kloeden and Platen 1992, section 9.1. */
public final class EulerMaruyama implements Predictor {
    @Override
    public void step(SdeWalk walk, double from, double to) {
        double dt = to - from;
        ReverseDrift drift = ReverseDrift.ofSde(walk.sde(), from);
        double deviation = walk.sde().diffusion(from) * Math.sqrt(-dt);
        walk.move(1 + drift.ofX() * dt, drift.ofScore() * dt, walk.score(from), deviation);
    }
}
