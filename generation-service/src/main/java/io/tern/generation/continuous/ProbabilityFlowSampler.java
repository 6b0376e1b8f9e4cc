package io.tern.generation.continuous;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.ode.ProbabilityFlow;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.sampler.Sampler;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.ScoreModel;
import io.tern.generation.sde.Sde;
import io.tern.generation.sde.SdeModel;
import io.tern.generation.sde.SdeType;
import io.tern.tensor.FloatTensor;

/**
 * Sampling by the probability-flow ODE with as many steps as the tolerance needs. Song et al. 2021, section 4.3. The levels
 * of the grid are marks on the way, by which progress is told.
 */
public final class ProbabilityFlowSampler implements Sampler {
    private final SdeType type;
    private final Tolerance tolerance;

    public ProbabilityFlowSampler(SdeType type, Tolerance tolerance) {
        this.type = type;
        this.tolerance = tolerance;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        Sde sde = type.over(grid.path());
        SdeModel sdeModel = new SdeModel(model, grid.path(), sde, start, run.arena());
        FloatTensor x = start.copy(run.arena());
        FloatTensor data = run.allocateLike(x);
        NoiseLevel first = grid.level(0);
        double begin = sde.timeOf(first.sigma());
        double end = sde.timeOf(grid.level(grid.steps()).sigma());
        LinearCombination.scale(x, sde.marginal(begin).signal() / first.signal(), x);
        int[] told = {0};
        new ProbabilityFlow(sdeModel, tolerance, run.arena()).move(x, begin, end, t -> {
            while (told[0] < grid.steps() - 1
                    && t <= sde.timeOf(grid.level(told[0] + 1).sigma())) {
                run.listener().afterStep(++told[0], x);
            }
        });
        sdeModel.data(data, x, end);
        run.listener().afterStep(grid.steps(), data);
        return data;
    }
}
