package io.tern.generation;

import io.tern.base.TernException;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.sde.SdeType;
import io.tern.imaging.RgbImage;

/**
 * How probable is this picture?
 *
 * @param image of any size
 * @param prompt what it is said to show, at most 4,096 characters
 * @param seed of the estimate, 0 or more
 * @param sde along whose ODE it is computed
 * @param tolerance of the ODE
 */
public record LikelihoodQuestion(RgbImage image, String prompt, long seed, SdeType sde, Tolerance tolerance) {
    public static final Tolerance DEFAULT_TOLERANCE = new Tolerance(1e-3, 1e-3);

    public LikelihoodQuestion {
        GenerationRequest.requirePrompt("prompt", prompt);
        TernException.require(seed >= 0, "seed", seed, "0..9223372036854775807");
    }
}
