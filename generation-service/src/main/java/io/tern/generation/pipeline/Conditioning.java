package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.generation.graph.Opened;
import io.tern.generation.latent.EncodedPicture;
import io.tern.generation.latent.PictureDecoder;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.latent.Windows;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.score.ClassifierFreeGuidance;
import io.tern.generation.score.Network;
import io.tern.generation.score.ScoreModel;
import io.tern.imaging.Picture;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.locks.Lock;

/**
 * A model under the texts of one request, with its buffers bound: they are written anew at each step, for all pictures of
 * the request. Used by one thread at a time; closing it frees the buffers.
 */
public final class Conditioning implements AutoCloseable {
    // Shared, since the graphs run on the executor's threads while the request's thread waits.
    private final Arena arena = Arena.ofShared();
    private final Opened opened = new Opened();
    private final DiffusionPipeline model;
    private final PictureSize window;
    private final Priority priority;
    private final Cancellation cancellation;
    private final Lock requestLock;
    private final ScoreModel scoreModel;
    private final PictureDecoder decoder;

    Conditioning(
            DiffusionPipeline model,
            Told told,
            PictureSize size,
            PictureSize window,
            Priority priority,
            Cancellation cancellation) {
        this.model = model;
        this.window = window;
        this.priority = priority;
        this.cancellation = cancellation;
        requestLock = model.requestLock();
        requestLock.lock();
        try {
            Conditioner.Question question =
                    new Conditioner.Question(window, told.guidance().weight(), told.difficulty());
            Network network = told.guidance().isNone() || model.conditioner().tellsGuidance()
                    ? network(List.of(told.prompt()), question)
                    : guided(told, question);
            scoreModel = ScoreModel.of(
                    window.equals(size) ? network : new Windows(network, model.space(), size, window, arena),
                    model.scheduler().parameterization(),
                    model.scheduler().told(),
                    model.scheduler().dataLimit());
            decoder = opened.add(model.codec().open(size, arena, cancellation));
        } catch (RuntimeException | Error failed) { // out of memory too: a lock left locked would stop the end for ever
            close();
            throw failed;
        }
    }

    private Network guided(Told told, Conditioner.Question question) {
        Network pair = network(List.of(told.negativePrompt(), told.prompt()), question);
        return new ClassifierFreeGuidance(pair, told.guidance(), model.latents(window), arena);
    }

    private Network network(List<WeightedPrompt> texts, Conditioner.Question question) {
        Condition condition = model.conditioner().condition(texts, question, arena, cancellation);
        return opened.add(model.sharedDenoiser()
                .under(condition, model.space().latents(texts.size(), window), priority, arena, cancellation));
    }

    public ScoreModel scoreModel() {
        return scoreModel;
    }

    /** @param image in the size of the pictures that are drawn; only where the model encodes pictures */
    public EncodedPicture encode(RgbImage image) {
        return model.codec().encode(image, arena, cancellation);
    }

    /** @param latents of one picture: [1, channels, height, width] */
    public Picture decode(FloatTensor latents) {
        return decoder.decode(latents);
    }

    /**
     * How a picture seems to become, at little cost.
     *
     * @param latents of one picture: [1, channels, height, width]
     */
    public RgbImage preview(FloatTensor latents) {
        return decoder.preview(latents);
    }

    @Override
    public void close() {
        try {
            opened.close();
            arena.close();
        } finally {
            requestLock.unlock();
        }
    }
}
