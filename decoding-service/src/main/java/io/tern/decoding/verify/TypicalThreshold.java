package io.tern.decoding.verify;

import static io.tern.base.TernException.require;

/**
 * When a drafted token is typical enough: its probability is above min(epsilon, delta · exp(−H)), where H is the entropy
 * of the target's distribution. Cai et al. 2024, section 3.1.2.
 *
 * @param epsilon the hard threshold, above 0..1
 * @param delta its share where the target is unsure, above 0..1; the paper advises the root of epsilon
 */
public record TypicalThreshold(double epsilon, double delta) {
    /** The paper's. */
    public static final TypicalThreshold DEFAULT = new TypicalThreshold(0.09, 0.3);

    public TypicalThreshold {
        // Written so that NaN fails too.
        require(epsilon > 0 && epsilon <= 1, "speculation.typical_threshold", epsilon, "above 0..1");
        require(delta > 0 && delta <= 1, "speculation.typical_alpha", delta, "above 0..1");
    }

    /** @param entropy in nats */
    double of(double entropy) {
        return Math.min(epsilon, delta * Math.exp(-entropy));
    }
}
