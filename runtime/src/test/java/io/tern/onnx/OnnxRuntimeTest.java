package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxRuntimeTest {

    @Test
    void isTheReleaseOfTheJarOnTheClassPath() throws Exception {
        String pom = "/META-INF/maven/com.microsoft.onnxruntime/onnxruntime/pom.xml";
        URL jar = OnnxRuntime.class.getResource(pom);
        if (jar == null) {
            jar = OnnxRuntime.class.getResource(pom.replace("/onnxruntime/p", "/onnxruntime_gpu/p"));
        }
        assertThat(new String(jar.openStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("<version>" + OrtLibrary.EXPECTED_VERSION + "<");
        try (OnnxRuntime runtime = OnnxRuntime.open(2)) {
            assertThat(runtime.version()).isEqualTo("1.29.0");
        }
    }

    @Test
    void refusesAnotherReleaseAndSaysWhichItWants() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OrtLibrary.requireVersion("1.28.0"))
                .withMessage("ONNX Runtime: 1.28.0 (expected: 1.29.0)");
    }

    @Test
    void choosesTheCpuWhereTheLibraryHasNoCuda() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2)) {
            boolean cuda = runtime.providers().contains("CUDAExecutionProvider");
            assertThat(runtime.cudaAvailable()).isEqualTo(cuda);
            if (!cuda) {
                assertThat(ExecutionProvider.named("auto", runtime, Map.of())).isEqualTo(new ExecutionProvider.Cpu());
            }
        }
    }

    @Test
    void refusesASessionOnAProviderThatIsNotThere() {
        try (OnnxRuntime runtime = OnnxRuntime.open(2)) {
            SessionConfig config = SessionConfig.on(new ExecutionProvider.Cuda(99, 1 << 20, Map.of("use_tf32", "0")));
            assertThatThrownBy(() -> runtime.load(Models.AFFINE, config))
                    .isInstanceOfSatisfying(TernException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                        assertThat(e).hasMessageStartingWith("provider: CUDA 99 (expected: ");
                    });
        }
    }

    @Test
    void writesCudaOptionsAsTheLibraryReadsThem() {
        ExecutionProvider.Cuda cuda = new ExecutionProvider.Cuda(1, 1 << 30, Map.of("use_tf32", "0"));
        assertThat(CudaOptions.entries(cuda))
                .isEqualTo(Map.of("device_id", "1", "gpu_mem_limit", "1073741824", "use_tf32", "0"));
        assertThat(CudaOptions.entries(ExecutionProvider.Cuda.device(0))).isEqualTo(Map.of("device_id", "0"));
    }

    @Test
    void sharesOneEnvironmentAndNotTheNumberOfThreads() {
        try (OnnxRuntime first = OnnxRuntime.open(2);
                OnnxRuntime second = OnnxRuntime.open(3)) {
            assertThat(second.version()).isEqualTo(first.version());
            assertThat(second.providers()).isEqualTo(first.providers());
        }
    }

    @Test
    void closesAfterItsSessionsOnly() {
        OnnxRuntime runtime = OnnxRuntime.open(2);
        Session session = runtime.load(Models.AFFINE, SessionConfig.cpu());
        Binding binding = session.bind();
        assertThatIllegalStateException()
                .isThrownBy(runtime::close)
                .withMessage("runtime: 1 open dependents (expected: none)");
        assertThatIllegalStateException().isThrownBy(session::close);
        binding.close();
        session.close();
        runtime.close();
        runtime.close();
        assertThatIllegalStateException().isThrownBy(runtime::providers).withMessage("runtime: closed");
        assertThatIllegalStateException().isThrownBy(() -> runtime.load(Models.AFFINE, SessionConfig.cpu()));
    }
}
