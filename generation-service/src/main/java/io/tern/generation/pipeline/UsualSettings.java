package io.tern.generation.pipeline;

import io.tern.generation.sampler.SamplingMethod;

/**
 * How a model is drawn with where a request does not say.
 *
 * @param method its makers' own
 * @param steps 1..1000
 * @param guidance weight
 */
public record UsualSettings(SamplingMethod method, int steps, double guidance) {
    /** Of models that are led by a text. */
    public static final int STEPS = 20;

    /** Of models that were distilled to draw in few. */
    public static final int DISTILLED_STEPS = 4;

    /** Of models that are led by a text. */
    public static final double GUIDANCE = 3;

    UsualSettings withGuidance(double weight) {
        return new UsualSettings(method, steps, weight);
    }
}
