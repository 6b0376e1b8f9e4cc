package io.tern.decoding.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Test
    void isWithinTwoUnitsOfTheLastPlace() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000_000; i++) {
            double x = i % 2 == 0 ? -708 * random.nextDouble() : -StrictMath.exp(-40 * random.nextDouble());
            double exact = StrictMath.exp(x);
            assertThat(Math.abs(Exponential.of(x) - exact)).as("e^%s", x).isLessThanOrEqualTo(2 * Math.ulp(exact));
        }
    }

    @Test
    void isExactWhereSoftmaxesBegin() {
        assertThat(Exponential.of(0)).isEqualTo(1);
        assertThat(Exponential.of(-0.0)).isEqualTo(1);
    }

    @Test
    void endsInNothing() {
        assertThat(Exponential.of(-708.5)).isZero();
        assertThat(Exponential.of(-1e300)).isZero();
        assertThat(Exponential.of(Double.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void staysNoNumber() {
        assertThat(Exponential.of(Double.NaN)).isNaN();
    }
}
