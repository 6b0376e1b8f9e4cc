package io.tern.generation.pipeline;

import static io.tern.generation.prompt.WeightedPrompt.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Guidance;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of several sizes, with and without guidance, at once: each draws what it draws alone. */
@Timeout(120)
class SharedDenoiserTest {
    private record Drawing(String prompt, double guidance, PictureSize size, int steps) {
        float[] draw(DiffusionPipeline model) {
            Guidance strength = new Guidance(guidance, 0);
            try (Conditioning conditioning = model.open(plain(prompt), plain(""), strength, size, Cancellation.none());
                    Arena arena = Arena.ofConfined()) {
                TimeGrid grid = GridMethod.of("euler").grid(model.schedule(), steps);
                FloatTensor start = FloatTensor.allocate(arena, model.latents(size));
                new PhiloxNoise(steps, 0).fill(0, start);
                SamplingRun run = new SamplingRun(grid, new PhiloxNoise(steps, 1), (_, _) -> {}, arena);
                return GridMethod.of("euler")
                        .create()
                        .sample(conditioning.scoreModel(), start, run)
                        .toArray();
            }
        }
    }

    /** One family each: one encoder, two with sizes, in half precision, guidance told, and a transformer. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny-sd", "families/xl", "families/xl-half", "families/lcm", "families/sd3"})
    void drawsTogetherWhatEachDrawsAlone(String folder) throws Exception {
        try (DiffusionPipeline model = DiffusionPipeline.load(Golden.file(folder), EmojiModel.INFERENCE)) {
            int step = model.space().step();
            PictureSize square = new PictureSize(4 * step, 4 * step);
            PictureSize wide = new PictureSize(6 * step, 4 * step);
            List<Drawing> drawings = List.of(
                    new Drawing("red owl", 3, square, 12),
                    new Drawing("owl", 1, square, 15),
                    new Drawing("red", 5, wide, 10),
                    new Drawing("owl red", 2, wide, 14));
            List<float[]> alone =
                    drawings.stream().map(drawing -> drawing.draw(model)).toList();
            CountDownLatch start = new CountDownLatch(1);
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<float[]>> together = new ArrayList<>();
                for (Drawing drawing : drawings) {
                    together.add(callers.submit(() -> {
                        start.await();
                        return drawing.draw(model);
                    }));
                }
                start.countDown();
                for (int i = 0; i < drawings.size(); i++) {
                    assertThat(together.get(i).get()).containsExactly(alone.get(i));
                }
            }
        }
    }
}
