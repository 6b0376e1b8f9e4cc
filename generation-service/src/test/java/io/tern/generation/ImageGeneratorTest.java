package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.GenerationEvent.PictureReady;
import io.tern.generation.GenerationEvent.PreviewReady;
import io.tern.generation.GenerationEvent.StepDone;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.Sampler;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.imaging.Picture;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ImageGeneratorTest {
    @Test
    void drawsTheSamePixelsForTheSameSeedOnly() {
        byte[] first = Events.rgb(Events.request("red apple", 1, 8, "ddim"));
        assertThat(Events.rgb(Events.request("red apple", 1, 8, "ddim"))).isEqualTo(first);
        assertThat(Events.rgb(Events.request("red apple", 2, 8, "ddim"))).isNotEqualTo(first);
        assertThat(Events.rgb(Events.request("frog", 1, 8, "ddim"))).isNotEqualTo(first);
    }

    @Test
    void drawsAPictureAloneAsAmongOthers() {
        List<byte[]> three = Events.pngs(Events.request("pizza", 7, 6, "euler", 3, PreviewPlan.none()));
        List<byte[]> one = Events.pngs(Events.request("pizza", 7, 6, "euler"));
        assertThat(three).hasSize(3).doesNotHaveDuplicates();
        assertThat(one.getFirst()).isEqualTo(three.getFirst());
    }

    /** The shipped model, without a word to the samplers of what it predicts. */
    @ParameterizedTest
    @MethodSource("io.tern.generation.sampler.SamplersTest#names")
    void drawsByEverySamplerTheSameAloneAndAsOneOfTwo(String sampler) {
        List<byte[]> two = Events.pngs(Events.request("red apple", 3, 4, sampler, 2, PreviewPlan.none()));
        List<byte[]> one = Events.pngs(Events.request("red apple", 3, 4, sampler));
        assertThat(two).hasSize(2).doesNotHaveDuplicates();
        assertThat(one.getFirst()).isEqualTo(two.getFirst());
    }

    /** The two are one method; the picture's values may differ where a latent lies on the edge of rounding. */
    @Test
    void drawsTheSameByDdimAndByEuler() {
        byte[] ddim = Events.rgb(Events.request("cat face", 5, 20, "ddim"));
        byte[] euler = Events.rgb(Events.request("cat face", 5, 20, "euler"));
        for (int i = 0; i < ddim.length; i++) {
            assertThat(Math.abs((ddim[i] & 0xff) - (euler[i] & 0xff))).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void drawsRequestsAtOnceAsEachAlone() throws Exception {
        List<GenerationRequest> requests = List.of(
                Events.request("red apple", 1, 6, "ddim"),
                Events.request("frog", 2, 9, "euler"),
                Events.request("panda", 3, 4, "ddim", 2, new PreviewPlan.Every(1)),
                Events.request("grinning face", 4, 7, "euler"));
        List<List<byte[]>> alone = requests.stream().map(Events::pngs).toList();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<byte[]>>> together = new ArrayList<>();
            for (GenerationRequest request : requests) {
                together.add(callers.submit(() -> {
                    start.await();
                    return Events.pngs(request);
                }));
            }
            start.countDown();
            for (int i = 0; i < requests.size(); i++) {
                List<byte[]> pngs = together.get(i).get(30, TimeUnit.SECONDS);
                assertThat(pngs).hasSameSizeAs(alone.get(i));
                for (int picture = 0; picture < pngs.size(); picture++) {
                    assertThat(pngs.get(picture)).isEqualTo(alone.get(i).get(picture));
                }
            }
        }
    }

    /** What is no number in one request's latents fails that one, and changes no bit of those that share its batches. */
    @Test
    void failsARequestAloneWhoseLatentsAreNoNumbers() throws Exception {
        GenerationRequest sound = Events.request("frog", 2, 12, "euler");
        GenerationRequest broken =
                new Draft("red apple").steps(20).method(new Poisoned()).request();
        List<byte[]> alone = Events.pngs(sound);
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<byte[]>> failing = callers.submit(() -> {
                start.await();
                return Events.pngs(broken);
            });
            Future<List<byte[]>> drawing = callers.submit(() -> {
                start.await();
                return Events.pngs(sound);
            });
            start.countDown();
            assertThat(drawing.get(30, TimeUnit.SECONDS).getFirst()).isEqualTo(alone.getFirst());
            assertThatThrownBy(() -> failing.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TernException.class)
                    .hasMessageContaining("latents: NaN (expected: finite values");
        }
        assertThat(Events.pngs(sound).getFirst()).isEqualTo(alone.getFirst());
    }

    /** DDIM, from a start of which one element is no number. */
    private record Poisoned() implements SamplingMethod {
        private static final GridMethod DDIM = GridMethod.of("ddim");

        @Override
        public Sampler create() {
            return (model, start, run) -> {
                start.set(7, Float.NaN);
                return DDIM.create().sample(model, start, run);
            };
        }

        @Override
        public TimeGrid grid(SamplingSchedule model, int steps) {
            return DDIM.grid(model, steps);
        }

        @Override
        public double startDeviation(NoiseLevel first) {
            return DDIM.startDeviation(first);
        }

        @Override
        public Map<String, Object> settings() {
            return DDIM.settings();
        }
    }

    /** A long request must not hold up a short one that came later: they take turns by steps. */
    @Test
    void letsAShortRequestOvertakeALongOne() throws Exception {
        CountDownLatch longIsRunning = new CountDownLatch(1);
        AtomicInteger longSteps = new AtomicInteger();
        Cancellation stopLong = new Cancellation();
        Consumer<GenerationEvent> count = _ -> {
            longSteps.incrementAndGet();
            longIsRunning.countDown();
        };
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> slow = callers.submit(
                    () -> EmojiModel.GENERATOR.generate(Events.request("frog", 1, 1000, "ddim"), count, stopLong));
            longIsRunning.await();
            Events.of(Events.request("pizza", 1, 5, "ddim"));
            assertThat(longSteps.get()).isLessThan(1000);
            stopLong.cancel();
            assertThatThrownBy(() -> slow.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(TernException.class);
        }
    }

    @Test
    void tellsOfStepsAndPreviewsInOrder() {
        List<GenerationEvent> events = Events.of(Events.request("pizza", 1, 6, "ddim", 2, new PreviewPlan.Evenly(2)));
        List<String> told = events.stream()
                .map(event -> switch (event) {
                    case StepDone(int picture, int step, int steps) -> picture + ":" + step + "/" + steps;
                    case PreviewReady(int picture, int step, int number, RgbImage _) ->
                        picture + "~" + step + "#" + number;
                    case PictureReady(int picture, Picture _, Recipe _) -> picture + "!";
                })
                .toList();
        assertThat(told)
                .containsExactly(
                        "0:1/6", "0:2/6", "0~2#0", "0:3/6", "0:4/6", "0~4#1", "0:5/6", "0:6/6", "0!", "1:1/6", "1:2/6",
                        "1~2#0", "1:3/6", "1:4/6", "1~4#1", "1:5/6", "1:6/6", "1!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ddim", "euler"})
    void startsFromGivenNoiseAsFromTheSeedsOwn(String sampler) {
        byte[] fromSeed = Events.rgb(Events.request("frog", 11, 5, sampler));
        GenerationRequest given = withStartNoise(noiseOf(11), sampler);
        assertThat(Events.rgb(given)).isEqualTo(fromSeed);
        JsonNode recipe = JsonMapper.shared().readTree(text(Events.pngs(given).getFirst()));
        assertThat(Base64.getDecoder().decode(recipe.get("latents").asString())).isEqualTo(noiseOf(11));
    }

    @Test
    void refusesNoiseOfAnotherSize() {
        assertThatThrownBy(() -> EmojiModel.GENERATOR.check(withStartNoise(new byte[100], "ddim")))
                .isInstanceOf(TernException.class)
                .hasMessage("latents: 100 bytes (expected: 8192 bytes: float32 [1, 8, 16, 16])");
    }

    @Test
    void refusesAnotherSizeThanTheModels() {
        GenerationRequest request = new Draft("x").size(64, 63).request();
        assertThatThrownBy(() -> EmojiModel.GENERATOR.check(request))
                .isInstanceOf(TernException.class)
                .hasMessage("height: 63 (expected: 64, the model's size)");
    }

    /** Guidance 1 leaves the unconditional row out: the same picture as if it were there, but for rounding. */
    @Test
    void drawsWithoutGuidanceWhatTheFormulaGives() {
        byte[] without = Events.rgb(guided(1, ""));
        byte[] almostWithout = Events.rgb(guided(1.0000001, ""));
        for (int i = 0; i < without.length; i++) {
            assertThat(Math.abs((without[i] & 0xff) - (almostWithout[i] & 0xff)))
                    .isLessThanOrEqualTo(1);
        }
        assertThat(Events.rgb(guided(6, ""))).isNotEqualTo(without);
    }

    @Test
    void leadsAwayFromTheNegativePrompt() {
        assertThat(Events.rgb(guided(3, "red apple"))).isNotEqualTo(Events.rgb(guided(3, "")));
    }

    @Test
    void drawsAPictureOfAnyIndexAlone() {
        List<byte[]> three = Events.pngs(Events.request("pizza", 7, 4, "ddim", 3, PreviewPlan.none()));
        GenerationRequest third =
                new Draft("pizza").seed(7).steps(4).firstPicture(2).request();
        assertThat(Events.pngs(third).getFirst()).isEqualTo(three.get(2));
    }

    /** Great guidance and its cure: more contrast, then less again. */
    @Test
    void rescalesGuidance() {
        Draft strong = new Draft("frog").seed(3).steps(6).guidance(15);
        byte[] plain = Events.rgb(strong.request());
        byte[] rescaled = Events.rgb(strong.rescale(0.7).request());
        assertThat(contrast(rescaled)).isLessThan(contrast(plain));
    }

    private static double contrast(byte[] rgb) {
        double mean = 0;
        for (byte level : rgb) {
            mean += (double) (level & 0xff) / rgb.length;
        }
        double squares = 0;
        for (byte level : rgb) {
            squares += Math.pow((level & 0xff) - mean, 2);
        }
        return Math.sqrt(squares / rgb.length);
    }

    @Test
    void writesTheRecipeIntoThePicture() {
        byte[] png = Events.pngs(
                        Events.request("naïve \"frog\" 🐸", 9007199254740993L, 2, "euler", 2, PreviewPlan.none()))
                .get(1);
        JsonNode recipe = JsonMapper.shared().readTree(text(png));
        assertThat(recipe.get("model").asString()).isEqualTo("emoji");
        assertThat(recipe.get("sha256").asString()).hasSize(64);
        assertThat(recipe.get("prompt").asString()).isEqualTo("naïve \"frog\" 🐸");
        assertThat(recipe.get("negative_prompt").asString()).isEmpty();
        assertThat(recipe.get("seed").asLong()).isEqualTo(9007199254740993L);
        assertThat(recipe.get("index").asInt()).isEqualTo(1);
        assertThat(recipe.get("steps").asInt()).isEqualTo(2);
        assertThat(recipe.get("sampler").asString()).isEqualTo("euler");
        assertThat(recipe.get("guidance_scale").asDouble()).isEqualTo(3);
        assertThat(recipe.has("latents")).isFalse();
    }

    @Test
    void endsWhenItsCallerIsGone() {
        Cancellation cancellation = new Cancellation();
        List<GenerationEvent> events = new ArrayList<>();
        Consumer<GenerationEvent> cancelAtThird = event -> {
            events.add(event);
            if (events.size() == 3) {
                cancellation.cancel();
            }
        };
        assertThatThrownBy(() -> EmojiModel.GENERATOR.generate(
                        Events.request("frog", 1, 1000, "ddim"), cancelAtThird, cancellation))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(events).hasSize(3);
        // and leaves nothing behind that would harm the next one
        assertThat(Events.rgb(Events.request("frog", 1, 3, "ddim"))).hasSize(64 * 64 * 3);
    }

    @Test
    void endsWhenItsTimeIsOver() {
        assertThatThrownBy(() -> EmojiModel.GENERATOR.generate(
                        Events.request("frog", 1, 1000, "ddim"),
                        _ -> {},
                        Cancellation.withTimeout(TimeUnit.MILLISECONDS.toNanos(150))))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    private static GenerationRequest guided(double guidance, String negativePrompt) {
        return new Draft("frog")
                .negativePrompt(negativePrompt)
                .seed(3)
                .steps(6)
                .guidance(guidance)
                .request();
    }

    private static GenerationRequest withStartNoise(byte[] noise, String sampler) {
        return new Draft("frog")
                .size(64, 64)
                .sampler(sampler)
                .startNoise(StartNoise.parse(noise))
                .request();
    }

    private static byte[] noiseOf(long seed) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor noise = FloatTensor.allocate(arena, EmojiModel.PIPELINE.latents(EmojiModel.SIZE));
            new PhiloxNoise(seed, 0).fill(0, noise);
            return noise.segment().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** The UTF-8 text of the PNG's entry "tern", which lies before the pixels. */
    private static String text(byte[] png) {
        String all = new String(png, StandardCharsets.UTF_8);
        int start = all.indexOf('{', all.indexOf(Recipe.KEYWORD));
        int end = all.indexOf('}', start);
        return all.substring(start, end + 1);
    }
}
