package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.generation.graph.BoundGraph;
import io.tern.generation.graph.Inference;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** The VAE decoder, bound for one request: latents to pixels. */
final class LatentDecoder implements LatentPixels {
    private final BoundGraph graph;
    private final FloatTensor latents;
    private final FloatTensor pixels;
    private final LatentSpace space;
    private final Cancellation cancellation;

    LatentDecoder(
            Inference inference,
            Session decoder,
            LatentSpace space,
            PictureSize size,
            Arena arena,
            Cancellation cancellation) {
        this.space = space;
        this.cancellation = cancellation;
        graph = new BoundGraph(inference, decoder, arena);
        latents = graph.floatInput("latent_sample", space.latents(1, size));
        pixels = graph.floatOutput("sample", Shape.of(1, 3, size.height(), size.width()));
    }

    @Override
    public FloatTensor pixels(FloatTensor sample) {
        for (long i = 0; i < latents.size(); i++) {
            latents.set(i, (float) (sample.get(i) / space.scale() + space.shift()));
        }
        graph.run(cancellation);
        return pixels;
    }

    @Override
    public void close() {
        graph.close();
    }
}
