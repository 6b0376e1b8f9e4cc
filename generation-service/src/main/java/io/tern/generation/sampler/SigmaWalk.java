package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * One sample on its way down in the coordinates of Karras et al. 2022: x = data + σ·ε, which is the model's own x without
 * its signal. There variance-preserving, exploding and flow models are one thing, and the methods of this package are
 * written in it. For one thread.
 */
final class SigmaWalk {
    private final ScoreModel model;
    private final SamplingRun run;
    private final FloatTensor x;
    private final FloatTensor scaled;
    private final FloatTensor noise;
    private int draws;

    SigmaWalk(ScoreModel model, FloatTensor start, SamplingRun run) {
        this.model = model;
        this.run = run;
        x = run.allocateLike(start);
        scaled = run.allocateLike(start);
        noise = run.allocateLike(start);
        LinearCombination.scale(x, 1 / run.grid().level(0).signal(), start);
    }

    /** The sample; methods write it. */
    FloatTensor x() {
        return x;
    }

    FloatTensor buffer() {
        return run.allocateLike(x);
    }

    int steps() {
        return run.grid().steps();
    }

    /** Length of step {@code index} in λ = −log σ; 0 for a step before the first. */
    double lambdaStep(int index) {
        return index < 0 ? 0 : Math.log(sigma(index) / sigma(index + 1));
    }

    NoiseLevel level(int index) {
        return run.grid().level(index);
    }

    /** The level of any σ, on the model's path. */
    NoiseLevel levelOf(double sigma) {
        return run.grid().path().atSigma(sigma);
    }

    /** σ before step {@code index}; that of {@code steps()} is where the walk ends. */
    double sigma(int index) {
        return run.grid().level(index).sigma();
    }

    /** D(at; σ): the data that {@code at} seems to hold. */
    void denoise(FloatTensor data, FloatTensor at, NoiseLevel level) {
        LinearCombination.scale(scaled, level.signal(), at);
        model.predict(scaled, level).data(data);
    }

    /**
     * Straight towards the data from σ to σ': out = σ'/σ · x + (1 − σ'/σ) · data. Not x + …·(data − x), which loses all
     * digits where σ is large.
     */
    void approach(FloatTensor out, FloatTensor from, double sigma, double next, FloatTensor data) {
        LinearCombination.combine(out, next / sigma, from, (sigma - next) / sigma, data);
    }

    /** Adds the run's next noise; none at all where there is none to add, so that no draw is spent. */
    void addNoise(FloatTensor to, double deviation) {
        if (deviation > 0) {
            LinearCombination.add(to, deviation, draw());
        }
    }

    /** The run's next noise, of unit variance; valid until the next. */
    FloatTensor draw() {
        run.noise().fill(++draws, noise);
        return noise;
    }

    /** Step {@code index} (from 0) is done. */
    void stepDone(int index, FloatTensor data) {
        run.listener().afterStep(index + 1, data);
    }

    /** The sample in the model's own coordinates. */
    FloatTensor end() {
        LinearCombination.scale(x, run.grid().level(steps()).signal(), x);
        return x;
    }
}
