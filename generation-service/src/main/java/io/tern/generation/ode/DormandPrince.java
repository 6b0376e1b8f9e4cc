package io.tern.generation.ode;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.linear.LinearCombination;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.function.DoubleConsumer;

/**
 * The explicit Runge-Kutta method of orders 5(4) with steps as long as the error allows. Dormand and Prince 1980, table 2;
 * control of the step as in Hairer et al. 1993, section II.4. The last derivative of a step is the first of the next.
 */
public final class DormandPrince {
    private static final double[] NODES = {0, 1 / 5., 3 / 10., 4 / 5., 8 / 9., 1, 1};
    private static final double[][] STAGES = {
        {},
        {1 / 5.},
        {3 / 40., 9 / 40.},
        {44 / 45., -56 / 15., 32 / 9.},
        {19372 / 6561., -25360 / 2187., 64448 / 6561., -212 / 729.},
        {9017 / 3168., -355 / 33., 46732 / 5247., 49 / 176., -5103 / 18656.},
        {35 / 384., 0, 500 / 1113., 125 / 192., -2187 / 6784., 11 / 84.}
    };
    /** Weights of the fifth order less those of the fourth. */
    private static final double[] ERROR = {
        71 / 57600., 0, -71 / 16695., 71 / 1920., -17253 / 339200., 22 / 525., -1 / 40.
    };

    private static final double SAFETY = 0.9;
    private static final double LEAST_CHANGE = 0.2;
    private static final double MOST_CHANGE = 10;
    /** First try, as a share of the way. */
    private static final double FIRST_STEP = 0.01;

    private static final int MOST_STEPS = 10_000;

    private final Derivative derivative;
    private final Tolerance tolerance;
    private final FloatTensor[] slopes = new FloatTensor[NODES.length];
    private final FloatTensor stage;
    private int evaluations;

    /** @param like a tensor of the shape of x */
    public DormandPrince(Derivative derivative, Tolerance tolerance, FloatTensor like, Arena arena) {
        this.derivative = derivative;
        this.tolerance = tolerance;
        stage = FloatTensor.allocate(arena, like.shape());
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = FloatTensor.allocate(arena, like.shape());
        }
    }

    /** Calls of the derivative so far. */
    public int evaluations() {
        return evaluations;
    }

    /**
     * Moves x from one time to another, in either direction.
     *
     * @param progress told the time after each step that was taken
     * @throws TernException INTERNAL_ERROR if x is no number any more, or the end is not reached
     */
    public void integrate(FloatTensor x, double from, double to, DoubleConsumer progress) {
        double t = from;
        double step = (to - from) * FIRST_STEP;
        slope(0, t, x);
        for (int tried = 0; t != to; tried++) {
            if (tried == MOST_STEPS) {
                throw failed(tried + " steps", "fewer; the tolerance is too small for float32");
            }
            boolean last = Math.abs(step) >= Math.abs(to - t);
            double h = last ? to - t : step;
            stages(t, h, x);
            double error = error(h, x);
            if (Double.isNaN(error)) {
                throw failed("NaN", "numbers; the model cannot follow this path");
            }
            if (error <= 1) {
                t = last ? to : t + h;
                x.copyFrom(stage);
                slopes[0].copyFrom(slopes[slopes.length - 1]);
                progress.accept(t);
            }
            double change = SAFETY * Math.pow(Math.max(error, 1e-10), -1 / 5.);
            step = h * Math.clamp(change, LEAST_CHANGE, error <= 1 ? MOST_CHANGE : 1);
        }
    }

    /** All slopes of a step; the last stage is its end, in order 5. */
    private void stages(double t, double h, FloatTensor x) {
        for (int i = 1; i < NODES.length; i++) {
            stage.copyFrom(x);
            for (int j = 0; j < i; j++) {
                if (STAGES[i][j] != 0) {
                    LinearCombination.add(stage, h * STAGES[i][j], slopes[j]);
                }
            }
            slope(i, t + NODES[i] * h, stage);
        }
    }

    private void slope(int index, double t, FloatTensor x) {
        derivative.at(t, x, slopes[index]);
        evaluations++;
    }

    /** In units of what is allowed. */
    private double error(double h, FloatTensor x) {
        double sum = 0;
        for (long e = 0; e < x.size(); e++) {
            double difference = 0;
            for (int i = 0; i < ERROR.length; i++) {
                difference += ERROR[i] * slopes[i].get(e);
            }
            double size = Math.max(Math.abs(x.get(e)), Math.abs(stage.get(e)));
            double share = h * difference / (tolerance.absolute() + tolerance.relative() * size);
            sum += share * share;
        }
        return Math.sqrt(sum / x.size());
    }

    private static TernException failed(String found, String expected) {
        return new TernException(ErrorCode.INTERNAL_ERROR, "ode: " + found + " (expected: " + expected + ")");
    }
}
