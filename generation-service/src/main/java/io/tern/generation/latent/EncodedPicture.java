package io.tern.generation.latent;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * A picture as latents, in the scale that the U-Net knows: [1, channels, height, width].
 *
 * @param mean the latents, or the middle of their distribution
 * @param deviation of each latent; null where the encoder is deterministic. Kingma and Welling 2014, eq. 10
 */
public record EncodedPicture(FloatTensor mean, @Nullable FloatTensor deviation) {
    /** The latents that this noise draws. */
    public FloatTensor draw(Noise noise, Arena arena) {
        FloatTensor latents = mean.copy(arena);
        if (deviation != null) {
            FloatTensor drawn = FloatTensor.allocate(arena, mean.shape());
            noise.fill(Noise.POSTERIOR, drawn);
            for (long i = 0; i < drawn.size(); i++) {
                drawn.set(i, drawn.get(i) * deviation.get(i));
            }
            LinearCombination.combine(latents, 1, mean, 1, drawn);
        }
        return latents;
    }
}
