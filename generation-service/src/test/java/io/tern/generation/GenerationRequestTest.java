package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationRequestTest {
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0.99, -1, 30.01})
    void refusesGuidanceOutsideItsRange(double guidance) {
        refused(() -> with("", 1, 20, guidance, "ddim", 1), "guidance_scale");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1001, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesStepsOutsideTheirRange(int steps) {
        refused(() -> with("", 1, steps, 3, "ddim", 1), "steps");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 11, 1_000_000_000})
    void refusesTooManyPictures(int pictures) {
        refused(() -> with("", 1, 20, 3, "ddim", pictures), "n");
    }

    @Test
    void refusesNegativeSeedsLongPromptsAndUnknownSamplers() {
        refused(() -> with("", -1, 20, 3, "ddim", 1), "seed");
        refused(() -> with("x".repeat(4097), 1, 20, 3, "ddim", 1), "prompt");
        refused(() -> with("", 1, 20, 3, "magic", 1), "sampler");
        assertThat(with("🐸".repeat(4096), 1, 20, 3, "euler", 1).seed()).isEqualTo(1);
        assertThat(with("x".repeat(4096), Long.MAX_VALUE, 1000, 30, "DDIMScheduler", 8)
                        .method()
                        .settings())
                .containsEntry("sampler", "ddim");
    }

    @Test
    void refusesStartNoiseThatIsNoNoise() {
        refused(() -> StartNoise.parse(new byte[7]), "latents");
        refused(() -> StartNoise.parse(floats(0, Float.NaN)), "latents");
        refused(() -> StartNoise.parse(floats(Float.NEGATIVE_INFINITY)), "latents");
        refused(() -> StartNoise.parse(floats(1e30f)), "latents");
        assertThat(StartNoise.parse(floats(1, -2)).toBase64()).isEqualTo("AACAPwAAAMA=");
    }

    @Test
    void refusesPreviewPlansOutsideTheirRange() {
        refused(() -> new PreviewPlan.Every(0), "preview_every");
        refused(() -> new PreviewPlan.Every(1001), "preview_every");
        refused(() -> new PreviewPlan.Evenly(4), "partial_images");
        refused(() -> new PreviewPlan.Evenly(-1), "partial_images");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, -0.01, 1.01})
    void refusesRescalingOutsideItsRange(double rescale) {
        refused(() -> new Draft("").rescale(rescale).request(), "guidance_rescale");
    }

    @Test
    void refusesANegativeFirstPicture() {
        refused(() -> new Draft("").firstPicture(-1).request(), "first_index");
    }

    @Test
    void spreadsPreviewsOverTheSteps() {
        assertThat(shown(new PreviewPlan.Every(4), 12)).containsExactly(4, 8);
        assertThat(shown(new PreviewPlan.Every(5), 12)).containsExactly(5, 10);
        assertThat(shown(new PreviewPlan.Evenly(2), 12)).containsExactly(4, 8);
        assertThat(shown(new PreviewPlan.Evenly(3), 20)).containsExactly(5, 10, 15);
        assertThat(shown(new PreviewPlan.Evenly(3), 4)).containsExactly(1, 2, 3);
        assertThat(shown(new PreviewPlan.Evenly(3), 1)).isEmpty();
        assertThat(shown(PreviewPlan.none(), 100)).isEmpty();
        for (int steps = 4; steps <= 1000; steps++) {
            assertThat(shown(new PreviewPlan.Evenly(3), steps)).hasSize(3);
        }
    }

    private static int[] shown(PreviewPlan plan, int steps) {
        return IntStream.rangeClosed(1, steps)
                .filter(step -> plan.isShownAfter(step, steps))
                .toArray();
    }

    private static GenerationRequest with(
            String prompt, long seed, int steps, double guidance, String sampler, int pictures) {
        return new Draft(prompt)
                .seed(seed)
                .steps(steps)
                .guidance(guidance)
                .sampler(sampler)
                .pictures(pictures)
                .request();
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static void refused(Runnable attempt, String field) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(TernException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.getMessage()).contains("(expected: ");
        });
    }
}
