package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.model.SmolLm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SmolLm.Provider.class)
class PrecisionChoiceTest {
    @TempDir
    Path folder;

    /** SmolLM2's layers are Q4_1; the tiny one's are of several types. */
    @Test
    void autoIsInt4OnlyWhereItKeepsAllLayers(SmolLm smolLm) throws IOException {
        PrecisionChoice auto = PrecisionChoice.of("auto");
        assertThat(auto.of(smolLm.source())).isEqualTo(Precision.INT4);
        Path mixed = TinyLlama.tied(1).writeTo(folder.resolve("mixed.gguf"));
        assertThat(auto.of(ModelSource.of(mixed))).isEqualTo(Precision.INT8);
    }

    @Test
    void aNamedPrecisionIsTakenWhateverTheFile(SmolLm smolLm) throws IOException {
        assertThat(PrecisionChoice.of("fp32").of(smolLm.source())).isEqualTo(Precision.FP32);
        assertThat(PrecisionChoice.of("fp32").or(Precision.FP16)).isEqualTo(Precision.FP32);
        assertThat(PrecisionChoice.of("auto").or(Precision.FP16)).isEqualTo(Precision.FP16);
        assertThatThrownBy(() -> PrecisionChoice.of("int3")).isInstanceOf(TernException.class);
    }
}
