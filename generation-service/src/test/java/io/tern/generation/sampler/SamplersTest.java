package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import org.junit.jupiter.api.Test;

class SamplersTest {
    @Test
    void knowsItsSamplersByTheNamesOfOtherProgramsToo() {
        assertThat(Samplers.create("ddim")).isInstanceOf(DdimSampler.class);
        assertThat(Samplers.create("DDIMScheduler")).isInstanceOf(DdimSampler.class);
        assertThat(Samplers.create("Euler")).isInstanceOf(EulerSampler.class);
        assertThat(Samplers.canonicalName("EulerDiscreteScheduler")).isEqualTo("euler");
        assertThat(Samplers.names()).contains(Samplers.DEFAULT).doesNotHaveDuplicates();
    }

    @Test
    void listsThemWhenTheNameIsUnknown() {
        assertThatThrownBy(() -> Samplers.create("magic"))
                .isInstanceOfSatisfying(TernException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(error.field()).isEqualTo("sampler");
                })
                .hasMessage("sampler: magic (expected: ddim, euler)");
    }
}
