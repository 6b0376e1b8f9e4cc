package io.tern.generation;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.noise.Noise;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.pipeline.Conditioning;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.generation.sampler.Sampler;
import io.tern.generation.sampler.Samplers;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.sampler.StepListener;
import io.tern.generation.schedule.TimeGrid;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Draws pictures with one model. The same request gives the same pixels, alone or beside others: each picture has its own
 * noise, and nothing of one request is ever computed with another's. Safe for many threads.
 */
public final class ImageGenerator {
    private final String modelId;
    private final String modelSha256;
    private final DiffusionPipeline model;

    /** @param modelSha256 of the weights, for recipes */
    public ImageGenerator(String modelId, String modelSha256, DiffusionPipeline model) {
        this.modelId = modelId;
        this.modelSha256 = modelSha256;
        this.model = model;
    }

    /**
     * What only the model can say of a request; cheap, so ask before queueing.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    public void check(GenerationRequest request) {
        requireSize("width", request.width());
        requireSize("height", request.height());
        model.grid(request.steps());
        StartNoise startNoise = request.startNoise();
        if (startNoise != null) {
            startNoise.requireShape(model.latents());
        }
    }

    private void requireSize(String field, OptionalInt size) {
        if (size.isPresent() && size.getAsInt() != model.pictureSize()) {
            throw TernException.invalid(field, size.getAsInt(), model.pictureSize() + ", the model's size");
        }
    }

    /**
     * Draws the request's pictures one after another.
     *
     * @param sink told of each step, preview and picture on the calling thread
     * @throws TernException INVALID_ARGUMENT, CANCELLED, DEADLINE_EXCEEDED, OVERLOADED, or INTERNAL_ERROR if the model
     *     gave no numbers
     */
    public void generate(GenerationRequest request, Consumer<GenerationEvent> sink, Cancellation cancellation) {
        check(request);
        Sampler sampler = Samplers.create(request.sampler());
        TimeGrid grid = model.grid(request.steps());
        try (Conditioning conditioning =
                model.open(request.prompt(), request.negativePrompt(), request.guidance(), cancellation)) {
            for (int picture = 0; picture < request.pictures(); picture++) {
                // The sampler's buffers die with the picture; they are touched by this thread alone.
                try (Arena arena = Arena.ofConfined()) {
                    Noise noise = new PhiloxNoise(request.seed(), picture);
                    StepListener listener = new Reporter(request, picture, conditioning, sink);
                    FloatTensor latents = sampler.sample(
                            conditioning.scoreModel(),
                            prior(request, noise, arena),
                            new SamplingRun(grid, noise, listener, arena));
                    requireNumbers(latents);
                    sink.accept(new GenerationEvent.PictureReady(
                            picture, conditioning.decode(latents), new Recipe(modelId, modelSha256, request, picture)));
                }
            }
        }
    }

    private FloatTensor prior(GenerationRequest request, Noise noise, Arena arena) {
        FloatTensor prior = FloatTensor.allocate(arena, model.latents());
        StartNoise startNoise = request.startNoise();
        if (startNoise == null) {
            noise.fill(Noise.START, prior);
        } else {
            startNoise.copyTo(prior);
        }
        return prior;
    }

    private static void requireNumbers(FloatTensor latents) {
        for (long i = 0; i < latents.size(); i++) {
            if (!Float.isFinite(latents.get(i))) {
                throw new TernException(
                        ErrorCode.INTERNAL_ERROR,
                        "latents: " + latents.get(i) + " (expected: finite values; the model cannot draw this)");
            }
        }
    }

    /** Tells of the steps of one picture. */
    private static final class Reporter implements StepListener {
        private final GenerationRequest request;
        private final int picture;
        private final Conditioning conditioning;
        private final Consumer<GenerationEvent> sink;
        private int previews;

        Reporter(GenerationRequest request, int picture, Conditioning conditioning, Consumer<GenerationEvent> sink) {
            this.request = request;
            this.picture = picture;
            this.conditioning = conditioning;
            this.sink = sink;
        }

        @Override
        public void afterStep(int step, FloatTensor data) {
            sink.accept(new GenerationEvent.StepDone(picture, step, request.steps()));
            if (request.previews().isShownAfter(step, request.steps())) {
                sink.accept(new GenerationEvent.PreviewReady(picture, step, previews++, conditioning.decode(data)));
            }
        }
    }
}
