package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.score.ClassifierFreeGuidance;
import io.tern.generation.score.Guidance;
import io.tern.generation.score.Network;
import io.tern.generation.score.ScoreModel;
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
    private final Cancellation cancellation;
    private final Lock requestLock;
    private final ScoreModel scoreModel;
    private final LatentDecoder decoder;

    Conditioning(
            DiffusionPipeline model,
            String prompt,
            String negativePrompt,
            Guidance guidance,
            Cancellation cancellation) {
        this.model = model;
        this.cancellation = cancellation;
        requestLock = model.requestLock();
        requestLock.lock();
        try {
            Network network = guidance.isNone()
                    ? network(model, List.of(prompt), cancellation)
                    : guided(model, prompt, negativePrompt, guidance, cancellation);
            scoreModel = ScoreModel.of(network, model.parameterization());
            decoder = opened.add(
                    new LatentDecoder(model.inference(), model.decoder(), model.config(), arena, cancellation));
        } catch (RuntimeException | Error failed) { // out of memory too: a lock left locked would stop the end for ever
            close();
            throw failed;
        }
    }

    private Network guided(
            DiffusionPipeline model,
            String prompt,
            String negativePrompt,
            Guidance guidance,
            Cancellation cancellation) {
        Network pair = network(model, List.of(negativePrompt, prompt), cancellation);
        return new ClassifierFreeGuidance(pair, guidance, model.latents(), arena);
    }

    private Network network(DiffusionPipeline model, List<String> texts, Cancellation cancellation) {
        FloatTensor text = model.textEncoder().encode(texts, arena, cancellation);
        opened.add(model.unet().join());
        return model.unet().network(text, arena, cancellation);
    }

    public ScoreModel scoreModel() {
        return scoreModel;
    }

    /** @param image in the size of the pictures that are drawn; only where the model encodes pictures */
    public EncodedPicture encode(RgbImage image) {
        return model.encoder().encode(image, arena, cancellation);
    }

    /** @param latents of one picture: [1, channels, height, width] */
    public RgbImage decode(FloatTensor latents) {
        return decoder.decode(latents);
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
