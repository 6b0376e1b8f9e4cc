package io.tern.generation;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.generation.latent.EncodedPicture;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.likelihood.ExactLikelihood;
import io.tern.generation.likelihood.LogDensity;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.pipeline.Conditioning;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.generation.pipeline.Told;
import io.tern.generation.pipeline.UsualSettings;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.sampler.StepListener;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Guidance;
import io.tern.generation.score.KnownData;
import io.tern.generation.score.ScoreModel;
import io.tern.generation.sde.SdeModel;
import io.tern.imaging.Picture;
import io.tern.imaging.Resampling;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Draws pictures with one model. The same request gives the same pixels, alone or beside others: each picture has its own
 * noise, and a row of a batch has the bits that it has alone. Safe for many threads.
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

    public String modelId() {
        return modelId;
    }

    /** How the model is drawn with where a request does not say. */
    public UsualSettings usual() {
        return model.usual();
    }

    /** Whether its pictures are of 8-bit colours, and not of 16-bit grey. */
    public boolean drawsColours() {
        return model.drawsColours();
    }

    /**
     * What only the model can say of a request; cheap, so ask before queueing.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    public void check(GenerationRequest request) {
        model.check(request.told());
        PictureSize size = size(request);
        request.method().grid(model.schedule(), request.steps());
        StartNoise startNoise = request.startNoise();
        if (startNoise != null) {
            startNoise.requireShape(model.latents(size));
        }
        if (request.source() != null && !model.encodesPictures()) {
            throw TernException.invalid("image", "given", "none, as this model has no encoder for pictures");
        }
    }

    /**
     * Of the pictures that a request asks for.
     *
     * @throws TernException INVALID_ARGUMENT if the model cannot draw that size
     */
    public PictureSize size(GenerationRequest request) {
        SourcePicture source = request.source();
        if (source == null || source.upscale().isEmpty()) {
            return model.size(request.width(), request.height());
        }
        RgbImage image = source.image();
        PictureSize enlarged = model.enlarged(
                new PictureSize(image.width(), image.height()), source.upscale().getAsDouble());
        requireAbsentOr(enlarged.width(), "width", request.width());
        requireAbsentOr(enlarged.height(), "height", request.height());
        return enlarged;
    }

    private static void requireAbsentOr(int upscaled, String field, OptionalInt asked) {
        if (asked.isPresent() && asked.getAsInt() != upscaled) {
            throw TernException.invalid(field, asked.getAsInt(), "absent together with upscale, or " + upscaled);
        }
    }

    /** What the network draws at once: all of a picture, unless it is drawn over in windows of the model's own size. */
    private PictureSize window(GenerationRequest request, PictureSize size) {
        SourcePicture source = request.source();
        return source == null || source.upscale().isEmpty()
                ? size
                : model.size(OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * That a recipe was made with these weights: others draw another picture.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    public void requireWeights(String sha256) {
        if (!sha256.equals(modelSha256)) {
            throw TernException.invalid(
                    "image", "a recipe for weights of sha256 " + sha256, modelSha256 + ", those of " + modelId);
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
        generate(request, Priority.LIVE, sink, cancellation);
    }

    /** @param priority whose turn its steps have */
    public void generate(
            GenerationRequest request, Priority priority, Consumer<GenerationEvent> sink, Cancellation cancellation) {
        check(request);
        PictureSize size = size(request);
        GenerationRequest fitted = request.fitted(size);
        try (Conditioning conditioning =
                model.open(request.told(), size, window(request, size), priority, cancellation)) {
            SourcePicture source = fitted.source();
            EncodedPicture encoded = source == null ? null : conditioning.encode(source.image());
            for (int i = 0; i < request.pictures(); i++) {
                draw(fitted, request.firstPicture() + i, conditioning, encoded, sink);
            }
        }
    }

    /**
     * How probable a picture's latents are under the model.
     *
     * @throws TernException as {@link #generate}
     */
    public LogDensity likelihood(LikelihoodQuestion question, Cancellation cancellation) {
        if (!model.encodesPictures()) {
            throw TernException.invalid("model", modelId, "a model with an encoder for pictures");
        }
        Told told = new Told(WeightedPrompt.plain(question.prompt()), WeightedPrompt.plain(""), Guidance.NONE);
        model.check(told);
        PictureSize size = model.size(OptionalInt.empty(), OptionalInt.empty());
        RgbImage sized = Resampling.resize(question.image(), size.width(), size.height());
        try (Conditioning conditioning = model.open(told, size, size, Priority.LIVE, cancellation);
                Arena arena = Arena.ofConfined()) {
            Noise noise = new PhiloxNoise(question.seed(), 0);
            FloatTensor data = conditioning.encode(sized).draw(noise, arena);
            NoisePath path = model.schedule().path();
            SdeModel sde =
                    new SdeModel(conditioning.scoreModel(), path, question.sde().over(path), data, arena);
            return new ExactLikelihood(sde, question.tolerance(), arena).of(data, noise);
        }
    }

    private void draw(
            GenerationRequest request,
            int picture,
            Conditioning conditioning,
            @Nullable EncodedPicture encoded,
            Consumer<GenerationEvent> sink) {
        // The sampler's buffers die with the picture; they are touched by this thread alone.
        try (Arena arena = Arena.ofConfined()) {
            Noise noise = new PhiloxNoise(request.seed(), picture);
            SourcePicture source = request.source();
            FloatTensor known = encoded == null ? null : encoded.draw(noise, arena);
            TimeGrid all = request.method().grid(model.schedule(), request.steps());
            TimeGrid grid = source == null ? all : all.last(source.stepsOf(all.steps()));
            ScoreModel score = conditioning.scoreModel();
            if (known != null && source != null && source.mask() != null) {
                score = new KnownData(score, known, source.mask().latents(arena, known.shape()), arena);
            }
            Shape shape = model.latents(size(request));
            FloatTensor latents = request.method()
                    .create()
                    .sample(
                            score,
                            start(request, shape, grid.level(0), known, noise, arena),
                            new SamplingRun(
                                    grid,
                                    noise,
                                    new Reporter(request, picture, grid.steps(), conditioning, sink),
                                    arena));
            requireNumbers(latents);
            Picture drawn = conditioning.decode(latents);
            sink.accept(new GenerationEvent.PictureReady(
                    picture,
                    source == null ? drawn : source.keepWhatIsKnown(drawn),
                    new Recipe(modelId, modelSha256, request, picture)));
        }
    }

    /** Noise of the first level, over the known data if there are some. */
    private static FloatTensor start(
            GenerationRequest request,
            Shape shape,
            NoiseLevel first,
            @Nullable FloatTensor known,
            Noise noise,
            Arena arena) {
        FloatTensor start = FloatTensor.allocate(arena, shape);
        StartNoise startNoise = request.startNoise();
        if (startNoise == null) {
            noise.fill(Noise.START, start);
        } else {
            startNoise.copyTo(start);
        }
        if (known == null) {
            LinearCombination.scale(start, request.method().startDeviation(first), start);
        } else {
            LinearCombination.combine(start, first.signal(), known, first.noise(), start);
        }
        return start;
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
        private final int steps;
        private final Conditioning conditioning;
        private final Consumer<GenerationEvent> sink;
        private int previews;

        Reporter(
                GenerationRequest request,
                int picture,
                int steps,
                Conditioning conditioning,
                Consumer<GenerationEvent> sink) {
            this.request = request;
            this.picture = picture;
            this.steps = steps;
            this.conditioning = conditioning;
            this.sink = sink;
        }

        @Override
        public void afterStep(int step, FloatTensor data) {
            sink.accept(new GenerationEvent.StepDone(picture, step, steps));
            if (request.previews().isShownAfter(step, steps)) {
                sink.accept(new GenerationEvent.PreviewReady(picture, step, previews++, conditioning.preview(data)));
            }
        }
    }
}
