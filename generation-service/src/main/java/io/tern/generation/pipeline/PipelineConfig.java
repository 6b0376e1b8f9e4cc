package io.tern.generation.pipeline;

import io.tern.tensor.Shape;
import java.nio.file.Path;

/**
 * The sizes on which the graphs of a folder must agree.
 *
 * @param latents of one sample: [1, channels, size, size]
 * @param textWidth length of a token's vector
 * @param pictureSize width and height in pixels
 * @param scalingFactor latents are divided by it before they are decoded; 1 where the graph does it
 */
record PipelineConfig(Shape latents, int textWidth, int pictureSize, double scalingFactor) {
    private static final int MAX_SIZE = 16_384;

    static PipelineConfig read(Path folder) {
        ConfigFile unet = ConfigFile.read(folder, "unet/config.json");
        ConfigFile decoder = ConfigFile.read(folder, "vae_decoder/config.json");
        int channels = positive(unet, "in_channels");
        requireEqual(unet, "out_channels", channels);
        requireEqual(decoder, "latent_channels", channels);
        requireEqual(decoder, "out_channels", 3);
        double shift = decoder.number("shift_factor", 0);
        if (shift != 0) {
            throw decoder.refused("shift_factor", "0");
        }
        double scaling = decoder.number("scaling_factor", 1);
        if (!(scaling > 0)) {
            throw decoder.refused("scaling_factor", "more than 0");
        }
        int size = positive(unet, "sample_size");
        return new PipelineConfig(
                Shape.of(1, channels, size, size),
                positive(unet, "cross_attention_dim"),
                positive(decoder, "sample_size"),
                scaling);
    }

    /** Shape of one sample without the batch: [channels, size, size]. */
    long[] latentRow() {
        return new long[] {latents.dimension(1), latents.dimension(2), latents.dimension(3)};
    }

    private static int positive(ConfigFile file, String field) {
        int value = file.integer(field);
        if (!(1 <= value && value <= MAX_SIZE)) {
            throw file.refused(field, "1.." + MAX_SIZE);
        }
        return value;
    }

    private static void requireEqual(ConfigFile file, String field, int expected) {
        if (file.integer(field) != expected) {
            throw file.refused(field, String.valueOf(expected));
        }
    }
}
