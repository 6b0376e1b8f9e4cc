package io.tern.generation.likelihood;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.generation.ode.DormandPrince;
import io.tern.generation.ode.ProbabilityFlow;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.sde.ReverseDrift;
import io.tern.generation.sde.SdeModel;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/**
 * log p(x) by the change of variables along the probability-flow ODE: log p(x(1)) plus the integral of the divergence of
 * the drift. Song et al. 2021, eq. 39. The divergence is estimated without bias by vᵀ∇f·v with signs v (Hutchinson 1990;
 * Song et al. 2021, eq. 40), the same v all the way (Grathwohl et al. 2019, section 3.1), and ∇f·v by a central
 * difference, since the network gives no gradients.
 */
public final class ExactLikelihood {
    /** Length of the difference, in deviations of the noise, in which scores vary. */
    private static final double STRIDE = 0.02;

    private final SdeModel model;
    private final ProbabilityFlow flow;
    private final Tolerance tolerance;
    private final Arena arena;

    public ExactLikelihood(SdeModel model, Tolerance tolerance, Arena arena) {
        this.model = model;
        this.tolerance = tolerance;
        this.arena = arena;
        flow = new ProbabilityFlow(model, tolerance, arena);
    }

    /**
     * Of a sample with the least noise that the model knows.
     *
     * @param x in the coordinates of the model's SDE; left as it is
     * @param noise whose first draw gives the signs v
     */
    public LogDensity of(FloatTensor x, Noise noise) {
        long dimensions = x.size();
        FloatTensor state = FloatTensor.allocate(arena, Shape.of(dimensions + 1));
        FloatTensor position = sample(state, x);
        position.copyFrom(x);
        Divergence divergence = new Divergence(signs(x, noise));
        DormandPrince method = new DormandPrince(divergence::derivative, tolerance, state, arena);
        method.integrate(state, model.endTime(), 1, _ -> {});
        double nats = prior(position) + state.get(dimensions);
        return new LogDensity(nats, dimensions, 3 * method.evaluations());
    }

    /** The sample within a state, which has one element more: the integral. */
    private static FloatTensor sample(FloatTensor state, FloatTensor like) {
        return FloatTensor.over(state.segment().asSlice(0, like.size() * Float.BYTES), like.shape());
    }

    private FloatTensor signs(FloatTensor like, Noise noise) {
        FloatTensor signs = FloatTensor.allocate(arena, like.shape());
        noise.fill(1, signs);
        for (long i = 0; i < signs.size(); i++) {
            signs.set(i, Math.signum(signs.get(i)));
        }
        return signs;
    }

    /** log of N(0, noise²) at the end. */
    private double prior(FloatTensor x) {
        NoiseLevel end = model.sde().marginal(1);
        double variance = end.noise() * end.noise();
        double squares = 0;
        for (long i = 0; i < x.size(); i++) {
            squares += (double) x.get(i) * x.get(i);
        }
        return -x.size() / 2.0 * Math.log(2 * Math.PI * variance) - squares / (2 * variance);
    }

    /** The drift of a sample, and beside it its divergence. */
    private final class Divergence {
        private final FloatTensor signs;
        private final FloatTensor moved;
        private final FloatTensor ahead;
        private final FloatTensor behind;

        Divergence(FloatTensor signs) {
            this.signs = signs;
            moved = FloatTensor.allocate(arena, signs.shape());
            ahead = FloatTensor.allocate(arena, signs.shape());
            behind = FloatTensor.allocate(arena, signs.shape());
        }

        void derivative(double t, FloatTensor state, FloatTensor derivative) {
            FloatTensor x = sample(state, signs);
            flow.derivative(t, x, sample(derivative, signs));
            double stride = STRIDE * model.sde().marginal(t).noise();
            LinearCombination.combine(moved, 1, x, stride, signs);
            model.score(ahead, moved, t);
            LinearCombination.combine(moved, 1, x, -stride, signs);
            model.score(behind, moved, t);
            double slope = 0;
            for (long i = 0; i < signs.size(); i++) {
                slope += signs.get(i) * ((double) ahead.get(i) - behind.get(i));
            }
            ReverseDrift drift = ReverseDrift.ofFlow(model.sde(), t);
            double divergence = drift.ofX() * signs.size() + drift.ofScore() * slope / (2 * stride);
            derivative.set(signs.size(), (float) divergence);
        }
    }
}
