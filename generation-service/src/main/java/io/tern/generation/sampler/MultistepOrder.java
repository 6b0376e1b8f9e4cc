package io.tern.generation.sampler;

/** Which order a multistep method has at a step: it has to begin with few values, and ends carefully. */
final class MultistepOrder {
    /** With fewer steps a high order at the end does harm: diffusers' {@code lower_order_final}. */
    private static final int FEW_STEPS = 15;

    private MultistepOrder() {}

    /** @param known values of this and earlier steps */
    static int at(int step, int steps, int order, int known) {
        int left = steps < FEW_STEPS ? steps - step : order;
        return Math.min(Math.min(order, known), left);
    }
}
