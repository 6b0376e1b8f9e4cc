package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * UniPC of order 2 with B₂(h) = e^h − 1, on the data prediction: each call of the network first corrects the step that
 * led to it, and then predicts the next one. Zhao et al. 2023, algorithms 5 to 8.
 */
final class UniPcSampler implements Sampler {
    private static final int ORDER = 2;

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor corrected = walk.buffer();
        History data = new History(walk::buffer, ORDER + 1);
        int order = 0;
        for (int i = 0; i < walk.steps(); i++) {
            FloatTensor now = data.next();
            walk.denoise(now, x, walk.level(i));
            if (i > 0) {
                correct(walk, i, corrected, data, order);
            }
            corrected.copyFrom(x);
            order = Math.min(Math.min(ORDER, walk.steps() - i), i + 1);
            predict(walk, i, data, order);
            walk.stepDone(i, now);
        }
        return walk.end();
    }

    private static void predict(SigmaWalk walk, int i, History data, int order) {
        FloatTensor x = walk.x();
        double step = 1 - walk.sigma(i + 1) / walk.sigma(i); // 1 − e^(−h)
        walk.approach(x, x, walk.sigma(i), walk.sigma(i + 1), data.get(0));
        if (order == 2) {
            double ratio = -walk.lambdaStep(i - 1) / walk.lambdaStep(i);
            addDifference(x, step / (2 * ratio), data.get(1), data.get(0));
        }
    }

    /** Goes over step i − 1 again, from the sample it began with, now that the data at its end are known. */
    private static void correct(SigmaWalk walk, int i, FloatTensor from, History data, int order) {
        FloatTensor x = walk.x();
        double h = walk.lambdaStep(i - 1);
        double step = -Math.expm1(-h);
        walk.approach(x, from, walk.sigma(i - 1), walk.sigma(i), data.get(1));
        if (order == 1) {
            addDifference(x, step / 2, data.get(0), data.get(1));
            return;
        }
        // the weights solve ρ₁ + ρ₂ = b₁ and r·ρ₁ + ρ₂ = b₂
        double phi1 = step / h - 1;
        double phi2 = -phi1 / h - 0.5;
        double ratio = -walk.lambdaStep(i - 2) / h;
        double b1 = -phi1 / step;
        double b2 = -2 * phi2 / step;
        double older = (b1 - b2) / (1 - ratio);
        addDifference(x, step * older / ratio, data.get(2), data.get(1));
        addDifference(x, step * (b1 - older), data.get(0), data.get(1));
    }

    private static void addDifference(FloatTensor x, double weight, FloatTensor first, FloatTensor second) {
        LinearCombination.add(x, weight, first);
        LinearCombination.add(x, -weight, second);
    }
}
