package io.tern.generation.ode;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.sde.ReverseDrift;
import io.tern.generation.sde.SdeModel;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.function.DoubleConsumer;

/**
 * The ODE with the marginals of an SDE: dx/dt = f(t)·x − ½·g(t)²·∇ log p(x). Song et al. 2021, eq. 13. Backwards it draws,
 * forwards it encodes, and the two undo each other: a picture has exactly one latent (section 4.3).
 */
public final class ProbabilityFlow {
    private final SdeModel model;
    private final Tolerance tolerance;
    private final Arena arena;

    public ProbabilityFlow(SdeModel model, Tolerance tolerance, Arena arena) {
        this.model = model;
        this.tolerance = tolerance;
        this.arena = arena;
    }

    /** dx/dt, for whoever integrates more along with x. */
    public void derivative(double t, FloatTensor x, FloatTensor derivative) {
        ReverseDrift drift = ReverseDrift.ofFlow(model.sde(), t);
        model.score(derivative, x, t);
        LinearCombination.combine(derivative, drift.ofX(), x, drift.ofScore(), derivative);
    }

    /** Moves x along, in place. Returns the calls of the network. */
    public int move(FloatTensor x, double from, double to, DoubleConsumer progress) {
        DormandPrince method = new DormandPrince(this::derivative, tolerance, x, arena);
        method.integrate(x, from, to, progress);
        return method.evaluations();
    }

    /** Data to their latent, in place: as they are where the noise is least, to where there is nothing else. */
    public void encode(FloatTensor data) {
        move(data, model.endTime(), 1, _ -> {});
    }

    /** A latent to its data, in place. */
    public void decode(FloatTensor latent) {
        move(latent, 1, model.endTime(), _ -> {});
    }
}
