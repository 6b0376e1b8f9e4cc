package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
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
     * @throws TernException INTERNAL_ERROR if the model gave no numbers; also what a run throws
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
                rgb[3 * pixel + channel] = level(pixels.get((long) channel * plane + pixel));
            }
        }
        return new RgbImage(size.width(), size.height(), rgb);
    }

    /** [-1, 1] to 0..255. Halves go to even, as numpy rounds; values outside are clamped. */
    private static byte level(float value) {
        if (Float.isNaN(value)) { // it would become black, and look like a picture
            throw new TernException(
                    ErrorCode.INTERNAL_ERROR, "pixels: NaN (expected: numbers; the model cannot draw this)");
        }
        return (byte) Math.clamp(Math.rint((value + 1) * 127.5f), 0, 255);
    }

    @Override
    public void close() {
        graph.close();
    }
}
