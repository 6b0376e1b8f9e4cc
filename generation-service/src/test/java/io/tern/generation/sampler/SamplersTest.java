package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.schedule.SigmaSchedule;
import io.tern.generation.schedule.TimestepSpacing;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class SamplersTest {
    public static List<String> names() {
        return Samplers.names();
    }

    @ParameterizedTest
    @CsvSource({
        "DDIMScheduler, ddim, discrete",
        "Euler, euler, discrete",
        "Euler a, euler_a, discrete",
        "EulerAncestralDiscreteScheduler, euler_a, discrete",
        "PLMS, pndm, discrete",
        "LMS Karras, lms, karras",
        "DPM2 a Karras, dpm2_a, karras",
        "DPM++ 2S a Karras, dpmpp_2s_a, karras",
        "DPM++ 2M Karras, dpmpp_2m, karras",
        "DPM++ 2M SDE Exponential, dpmpp_2m_sde, exponential",
        "DPM++ 3M SDE, dpmpp_3m_sde, discrete",
        "DPM++ SDE Karras, dpmpp_sde, karras",
        "sample_heun, heun, discrete",
        "dpmpp_2m_sgm_uniform, dpmpp_2m, sgm_uniform",
        "UniPC, unipc, discrete"
    })
    void knowsNamesOfOtherProgramsToo(String name, String sampler, String schedule) {
        GridMethod method = GridMethod.of(name);
        assertThat(method.sampler().name()).isEqualTo(sampler);
        assertThat(method.scheduleLabel()).isEqualTo(schedule);
    }

    @Test
    void hasEachNameOnce() {
        assertThat(Samplers.names()).contains("ddim").hasSize(25).doesNotHaveDuplicates();
        for (String name : Samplers.names()) {
            assertThat(GridMethod.of(name).sampler().name()).isEqualTo(name);
            assertThat(GridMethod.of(name).sampler().aliases()).doesNotContainAnyElementsOf(Samplers.names());
        }
    }

    @Test
    void takesSchedulesAndSpacingsByName() {
        assertThat(GridMethod.of("euler", "Align Your Steps", "", Double.NaN).schedule())
                .isEqualTo(SigmaSchedule.AYS);
        assertThat(GridMethod.of("euler", "normal", "Trailing", Double.NaN).spacing())
                .isEqualTo(TimestepSpacing.TRAILING);
        assertThat(GridMethod.of("DPM++ 2M Karras", "karras", "", Double.NaN).schedule())
                .isEqualTo(SigmaSchedule.KARRAS);
    }

    @Test
    void refusesWhatIsNotThereOrDoesNotGoTogether() {
        refused("sampler", "magic (expected: ddpm, ddim, pndm", () -> GridMethod.of("magic"));
        refused("sampler", "magic Karras", () -> GridMethod.of("magic Karras"));
        refused("schedule", "magic (expected: discrete, karras", () -> method("euler", "magic", "", Double.NaN));
        refused("spacing", "magic (expected: linspace", () -> method("euler", "", "magic", Double.NaN));
        refused("spacing", "leading (expected: absent", () -> method("euler", "karras", "leading", Double.NaN));
        refused("schedule", "beta (expected: karras", () -> method("LMS Karras", "beta", "", Double.NaN));
        refused("schedule", "discrete (expected: karras", () -> method("LMS Karras", "discrete", "", Double.NaN));
        refused("eta", "1.01 (expected: 0..1)", () -> method("ddim", "", "", 1.01));
        refused("eta", "-0.1 (expected: 0..1)", () -> method("ddim", "", "", -0.1));
        refused("eta", "0.5 (expected: absent: heun", () -> method("heun", "", "", 0.5));
    }

    private static GridMethod method(String sampler, String schedule, String spacing, double eta) {
        return GridMethod.of(sampler, schedule, spacing, eta);
    }

    private static void refused(String field, String message, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(TernException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.field()).isEqualTo(field);
                })
                .hasMessageContaining(message);
    }
}
