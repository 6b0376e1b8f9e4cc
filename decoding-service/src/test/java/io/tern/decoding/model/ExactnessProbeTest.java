package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.model.ExactnessProbe.Trial;
import io.tern.machine.Exactness;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactnessProbeTest {
    /** A machine whose kernels round differently for some numbers of rows. */
    private record Machine(IntPredicate differs, boolean piecesAgree, boolean companyAgrees) implements Trial {
        @Override
        public float[][] window(int step, int minimumRows) {
            return new float[][] {{1, differs.test(Math.max(step, minimumRows)) ? -0f : 0f}};
        }

        @Override
        public boolean piecesAgree(int minimumRows) {
            return piecesAgree;
        }

        @Override
        public boolean companyAgrees(int minimumRows) {
            return companyAgrees;
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 3", "4, 5", "5, 8", "8, 16"})
    void padsToTheFewestRowsThatAreEqual(int mostDifferentRows, int expected) {
        Machine machine = new Machine(rows -> rows <= mostDifferentRows, true, true);
        assertThat(new ExactnessProbe(machine).run()).isEqualTo(new Exactness(true, expected));
    }

    @Test
    void doesNotTrustASmallNumberOfRowsIfALargerOneDiffers() {
        Machine machine = new Machine(rows -> rows == 4, true, true);
        assertThat(new ExactnessProbe(machine).run()).isEqualTo(new Exactness(true, 5));
    }

    @Test
    void promisesNothingIfOnlyLargeStepsOrNotEvenPiecesOrCompanyAreEqual() {
        assertThat(new ExactnessProbe(new Machine(rows -> rows <= 16, true, true)).run())
                .isEqualTo(Exactness.NONE);
        assertThat(new ExactnessProbe(new Machine(rows -> false, false, true)).run())
                .isEqualTo(Exactness.NONE);
        assertThat(new ExactnessProbe(new Machine(rows -> false, true, false)).run())
                .isEqualTo(Exactness.NONE);
    }
}
