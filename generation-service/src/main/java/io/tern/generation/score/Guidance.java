package io.tern.generation.score;

import io.tern.base.TernException;

/**
 * Classifier-free guidance.
 *
 * @param weight 1..30; 1 is none. Ho and Salimans 2022, eq. 6, with their weight plus one
 * @param rescale how far the guided output is brought back to the deviation of the prompted one, 0..1; 0 is not at all.
 *     Lin et al. 2024, eq. 15 and 16
 */
public record Guidance(double weight, double rescale) {
    public static final Guidance NONE = new Guidance(1, 0);
    private static final double MAX_WEIGHT = 30;

    public Guidance {
        // written so that NaN fails too
        if (!(1 <= weight && weight <= MAX_WEIGHT)) {
            throw TernException.invalid("guidance_scale", weight, "1..30, 1 is none");
        }
        if (!(0 <= rescale && rescale <= 1)) {
            throw TernException.invalid("guidance_rescale", rescale, "0..1, 0 is none");
        }
    }

    public boolean isNone() {
        return weight == 1;
    }
}
