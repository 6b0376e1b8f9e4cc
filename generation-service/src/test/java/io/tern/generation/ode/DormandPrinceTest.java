package io.tern.generation.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.Golden;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DormandPrinceTest {
    /** x' = cos t − x, whose solution is (cos t + sin t)/2 + c·e^(−t). */
    private static final Derivative FORCED = (t, x, derivative) -> {
        for (long i = 0; i < x.size(); i++) {
            derivative.set(i, (float) (Math.cos(t) - x.get(i)));
        }
    };

    @Test
    void solvesAnEquationToItsToleranceBothWays() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = Golden.tensor(arena, 0.5f, 3, -7);
            DormandPrince method = new DormandPrince(FORCED, new Tolerance(1e-6, 1e-6), x, arena);
            method.integrate(x, 0, 2, _ -> {});
            double forced = (Math.cos(2) + Math.sin(2)) / 2;
            assertThat(x.get(0)).isCloseTo((float) forced, within(1e-5f));
            assertThat(x.get(1)).isCloseTo((float) (forced + 2.5 * Math.exp(-2)), within(1e-5f));
            assertThat(x.get(2)).isCloseTo((float) (forced - 7.5 * Math.exp(-2)), within(1e-5f));
            method.integrate(x, 2, 0, _ -> {});
            assertThat(x.get(2)).isCloseTo(-7, within(1e-4f));
        }
    }

    @Test
    void takesMoreStepsForASmallerTolerance() {
        assertThat(evaluations(1e-7)).isGreaterThan(2 * evaluations(1e-2));
    }

    private static int evaluations(double tolerance) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = Golden.tensor(arena, 1, 2);
            DormandPrince method = new DormandPrince(FORCED, new Tolerance(tolerance, tolerance), x, arena);
            method.integrate(x, 0, 10, _ -> {});
            return method.evaluations();
        }
    }

    @Test
    void tellsTheTimeUpToTheEnd() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = Golden.tensor(arena, 1);
            List<Double> times = new ArrayList<>();
            new DormandPrince(FORCED, Tolerance.DEFAULT, x, arena).integrate(x, 1, 0, times::add);
            assertThat(times)
                    .isSortedAccordingTo((a, b) -> Double.compare(b, a))
                    .endsWith(0.0);
        }
    }

    @Test
    void endsWhereThereAreNoNumbers() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = Golden.tensor(arena, 1, Float.NaN);
            DormandPrince method = new DormandPrince(FORCED, Tolerance.DEFAULT, x, arena);
            assertThatThrownBy(() -> method.integrate(x, 0, 1, _ -> {}))
                    .isInstanceOfSatisfying(
                            TernException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR))
                    .hasMessageContaining("ode: NaN");
        }
    }

    @Test
    void refusesTolerancesOutOfRange() {
        assertThatThrownBy(() -> new Tolerance(0, 1e-3)).hasMessage("sde.rtol: 0.0 (expected: 1e-8..1)");
        assertThatThrownBy(() -> new Tolerance(1e-3, Double.NaN)).hasMessage("sde.atol: NaN (expected: 1e-8..1)");
    }
}
