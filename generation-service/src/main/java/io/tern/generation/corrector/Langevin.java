package io.tern.generation.corrector;

import io.tern.generation.sde.SdeWalk;
import io.tern.tensor.FloatTensor;

/**
 * Langevin steps x + ε·score + √(2ε)·z, with ε such that the signal of the score has a given ratio to the noise z.
 * Song et al. 2021, algorithms 4 and 5. Their norms are means over a batch; ours are those of the one sample, so that
 * it does not depend on its company.
 *
 * @param snr the ratio
 * @param steps in each time
 */
public record Langevin(double snr, int steps) implements Corrector {
    @Override
    public void correct(SdeWalk walk, double t) {
        for (int i = 0; i < steps; i++) {
            FloatTensor score = walk.score(t);
            FloatTensor z = walk.draw();
            double ratio = snr * norm(z) / norm(score);
            double epsilon = 2 * ratio * ratio;
            walk.move(1, epsilon, score, 0);
            walk.move(1, Math.sqrt(2 * epsilon), z, 0);
        }
    }

    private static double norm(FloatTensor tensor) {
        double sum = 0;
        for (long i = 0; i < tensor.size(); i++) {
            sum += (double) tensor.get(i) * tensor.get(i);
        }
        return Math.sqrt(sum);
    }
}
