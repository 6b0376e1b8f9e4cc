package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** The VAE decoder, bound for one request: latents to pixels. */
final class LatentDecoder implements AutoCloseable {
    private final BoundGraph graph;
    private final FloatTensor latents;
    private final FloatTensor pixels;
    private final LatentSpace space;
    private final PictureSize size;
    private final Cancellation cancellation;

    LatentDecoder(
            Inference inference,
            Session decoder,
            LatentSpace space,
            PictureSize size,
            Arena arena,
            Cancellation cancellation) {
        this.space = space;
        this.size = size;
        this.cancellation = cancellation;
        graph = new BoundGraph(inference, decoder, arena);
        latents = graph.floatInput("latent_sample", space.latents(1, size));
        pixels = graph.floatOutput("sample", Shape.of(1, 3, size.height(), size.width()));
    }

    /**
     * @param sample latents of one picture: [1, channels, height, width]
     * @throws io.tern.base.TernException INTERNAL_ERROR if the model gave no numbers; also what a run throws
     */
    RgbImage decode(FloatTensor sample) {
        for (long i = 0; i < latents.size(); i++) {
            latents.set(i, (float) (sample.get(i) / space.scale() + space.shift()));
        }
        graph.run(cancellation);
        int plane = size.width() * size.height();
        byte[] rgb = new byte[3 * plane];
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                // [-1, 1] to 0..255
                rgb[3 * pixel + channel] =
                        PictureDecoder.level((pixels.get((long) channel * plane + pixel) + 1) * 127.5f);
            }
        }
        return new RgbImage(size.width(), size.height(), rgb);
    }

    @Override
    public void close() {
        graph.close();
    }
}
