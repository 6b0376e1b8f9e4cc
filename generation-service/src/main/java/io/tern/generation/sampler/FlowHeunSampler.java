package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Heun's method along straight paths x = (1 − t)·data + t·ε, whose velocity is ε − data. Lipman et al. 2023; diffusers'
 * FlowMatchHeun. Any model has such coordinates: x / (signal + noise).
 */
final class FlowHeunSampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        FloatTensor x = run.allocateLike(start);
        FloatTensor ahead = run.allocateLike(start);
        FloatTensor data = run.allocateLike(start);
        Velocity velocity = new Velocity(model, start, run);
        Velocity velocityAhead = new Velocity(model, start, run);
        LinearCombination.scale(x, 1 / size(grid.level(0)), start);
        for (int i = 0; i < grid.steps(); i++) {
            NoiseLevel next = grid.level(i + 1);
            double step = time(next) - time(grid.level(i));
            velocity.at(x, grid.level(i));
            data.copyFrom(velocity.data);
            if (next.noise() > 0) {
                LinearCombination.combine(ahead, 1, x, step, velocity.value);
                velocityAhead.at(ahead, next);
                LinearCombination.combine(velocity.value, 0.5, velocity.value, 0.5, velocityAhead.value);
            }
            LinearCombination.add(x, step, velocity.value);
            run.listener().afterStep(i + 1, data);
        }
        LinearCombination.scale(x, size(grid.level(grid.steps())), x);
        return x;
    }

    private static double size(NoiseLevel level) {
        return level.signal() + level.noise();
    }

    private static double time(NoiseLevel level) {
        return level.noise() / size(level);
    }

    /** The slope of a straight path, and the data at its end. */
    private static final class Velocity {
        final FloatTensor value;
        final FloatTensor data;
        private final ScoreModel model;
        private final FloatTensor scaled;

        Velocity(ScoreModel model, FloatTensor like, SamplingRun run) {
            this.model = model;
            value = run.allocateLike(like);
            data = run.allocateLike(like);
            scaled = run.allocateLike(like);
        }

        void at(FloatTensor x, NoiseLevel level) {
            LinearCombination.scale(scaled, size(level), x);
            Prediction prediction = model.predict(scaled, level);
            prediction.data(data);
            prediction.noise(value);
            LinearCombination.add(value, -1, data);
        }
    }
}
