package io.tern.generation.continuous;

import io.tern.generation.corrector.Corrector;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.predictor.Predictor;
import io.tern.generation.sampler.Sampler;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.score.ScoreModel;
import io.tern.generation.sde.Sde;
import io.tern.generation.sde.SdeModel;
import io.tern.generation.sde.SdeType;
import io.tern.generation.sde.SdeWalk;
import io.tern.tensor.FloatTensor;

/**
 * Predictor-corrector sampling. Song et al. 2021, algorithm 1; the last step takes the noise away that is left, by
 * Tweedie's formula.
 */
public final class PredictorCorrectorSampler implements Sampler {
    private final SdeType type;
    private final Predictor predictor;
    private final Corrector corrector;

    public PredictorCorrectorSampler(SdeType type, Predictor predictor, Corrector corrector) {
        this.type = type;
        this.predictor = predictor;
        this.corrector = corrector;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        Sde sde = type.over(run.grid().path());
        SdeModel sdeModel = new SdeModel(model, run.grid().path(), sde, start, run.arena());
        FloatTensor x = start.copy(run.arena());
        SdeWalk walk = new SdeWalk(sdeModel, run.noise(), x, run.arena());
        NoiseLevel first = run.grid().level(0);
        double t = sde.timeOf(first.sigma());
        LinearCombination.scale(x, sde.marginal(t).signal() / first.signal(), x);
        for (int i = 0; i < run.grid().steps(); i++) {
            double next = sde.timeOf(run.grid().level(i + 1).sigma());
            corrector.correct(walk, t);
            predictor.step(walk, t, next);
            t = next;
            run.listener().afterStep(i + 1, walk.data(t));
        }
        return walk.data(t);
    }
}
