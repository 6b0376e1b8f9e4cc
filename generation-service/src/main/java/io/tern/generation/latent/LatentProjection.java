package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.generation.graph.Inference;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.imaging.Resampling;
import io.tern.imaging.RgbImage;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/**
 * How latents look without their decoder: each becomes one pixel by a linear map of its channels. The map is fitted to the
 * decoder at load, by least squares over what it makes of noise; that takes one small picture's time, and a preview then
 * costs next to nothing. Immutable.
 */
final class LatentProjection {
    private static final int DRAWS = 8;
    /** Of the noise: small, so that few pixels are cut at black and white, where no decoder is linear. */
    private static final double DEVIATION = 0.5;

    /** For each of red, green and blue: a weight for each channel, and behind them a constant. */
    private final double[][] weights;

    private LatentProjection(double[][] weights) {
        this.weights = weights;
    }

    static LatentProjection fit(Inference inference, Session decoder, LatentSpace space) {
        PictureSize size = space.smallest();
        Shape shape = space.latents(1, size);
        int unknowns = space.channels() + 1;
        LeastSquares[] fits = {new LeastSquares(unknowns), new LeastSquares(unknowns), new LeastSquares(unknowns)};
        try (Arena arena = Arena.ofShared();
                LatentDecoder whole = new LatentDecoder(inference, decoder, space, size, arena, Cancellation.none())) {
            FloatTensor latents = FloatTensor.allocate(arena, shape);
            double[] values = new double[unknowns];
            for (int draw = 0; draw < DRAWS; draw++) {
                new PhiloxNoise(0, draw).fill(0, latents);
                LinearCombination.scale(latents, DEVIATION, latents);
                RgbImage decoded = whole.decode(latents);
                int columns = size.width() / space.pixels();
                for (int latent = 0; latent < latents.size() / space.channels(); latent++) {
                    read(latents, latent, values);
                    for (int colour = 0; colour < 3; colour++) {
                        fits[colour].add(
                                values, mean(decoded, latent % columns, latent / columns, space.pixels(), colour));
                    }
                }
            }
        }
        return new LatentProjection(new double[][] {fits[0].solve(), fits[1].solve(), fits[2].solve()});
    }

    /** @param latents of one picture of that size: [1, channels, height, width] */
    RgbImage project(FloatTensor latents, PictureSize size) {
        int width = (int) latents.shape().dimension(3);
        int height = (int) latents.shape().dimension(2);
        byte[] rgb = new byte[3 * width * height];
        double[] values = new double[weights[0].length];
        for (int pixel = 0; pixel < width * height; pixel++) {
            read(latents, pixel, values);
            for (int colour = 0; colour < 3; colour++) {
                rgb[3 * pixel + colour] = (byte) Math.clamp(Math.rint(dot(weights[colour], values)), 0, 255);
            }
        }
        return Resampling.resize(new RgbImage(width, height, rgb), size.width(), size.height());
    }

    /** Of the pixels that a latent spans. */
    private static double mean(RgbImage image, int column, int row, int pixels, int colour) {
        int sum = 0;
        for (int y = row * pixels; y < (row + 1) * pixels; y++) {
            for (int x = column * pixels; x < (column + 1) * pixels; x++) {
                sum += image.rgb()[3 * (y * image.width() + x) + colour] & 0xff;
            }
        }
        return (double) sum / (pixels * pixels);
    }

    /** The channels of one latent, and 1. */
    private static void read(FloatTensor latents, int pixel, double[] values) {
        long plane = latents.size() / (values.length - 1);
        for (int channel = 0; channel < values.length - 1; channel++) {
            values[channel] = latents.get(channel * plane + pixel);
        }
        values[values.length - 1] = 1;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
