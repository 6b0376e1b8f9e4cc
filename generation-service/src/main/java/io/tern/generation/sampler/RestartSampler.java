package io.tern.generation.sampler;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.SigmaSchedule;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Restart: Heun's method, which at σ ≈ 0.1 goes back up to σ = 2 by adding noise, and comes down again. What the ODE got
 * wrong until there is forgotten. Xu et al. 2023, algorithm 1, with one interval; the way down again is a quarter of the
 * steps, spread as in Karras et al. 2022.
 */
final class RestartSampler implements Sampler {
    private static final double LOW = 0.1;
    private static final double HIGH = 2;

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        HeunStep step = new HeunStep(walk);
        int restartAt = levelNearest(walk);
        for (int i = 0; i < walk.steps(); i++) {
            if (i == restartAt) {
                restart(walk, step, i);
            }
            step.take(walk.level(i), walk.level(i + 1));
            walk.stepDone(i, step.data());
        }
        return walk.end();
    }

    /** The level that is nearest to LOW in log σ, but not the first, from which nothing has come down yet; -1 for none. */
    private static int levelNearest(SigmaWalk walk) {
        int nearest = -1;
        double distance = Double.POSITIVE_INFINITY;
        for (int i = 1; i < walk.steps(); i++) {
            double candidate = Math.abs(Math.log(walk.sigma(i) / LOW));
            if (candidate < distance && walk.sigma(i) < HIGH) {
                nearest = i;
                distance = candidate;
            }
        }
        return nearest;
    }

    private static void restart(SigmaWalk walk, HeunStep step, int index) {
        double low = walk.sigma(index);
        double high = Math.min(HIGH, walk.sigma(0));
        walk.addNoise(walk.x(), Math.sqrt(high * high - low * low));
        int steps = Math.max(2, walk.steps() / 4);
        NoiseLevel from = walk.levelOf(high);
        for (int k = 1; k <= steps; k++) {
            NoiseLevel to =
                    k == steps ? walk.level(index) : walk.levelOf(SigmaSchedule.karras((double) k / steps, high, low));
            step.take(from, to);
            from = to;
        }
    }
}
