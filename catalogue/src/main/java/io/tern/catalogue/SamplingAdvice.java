package io.tern.catalogue;

/**
 * How a language model's makers would have it sampled; used where a request says nothing of it.
 *
 * @param temperature 0..2
 * @param topP above 0..1
 */
public record SamplingAdvice(double temperature, double topP) {
    /** The model's distribution as it is. */
    public static final SamplingAdvice NONE = new SamplingAdvice(1, 1);

    public SamplingAdvice {
        if (!(temperature >= 0 && temperature <= 2) || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("temperature, top_p: " + temperature + ", " + topP
                    + " (expected: temperature 0..2, top_p above 0..1)");
        }
    }
}
