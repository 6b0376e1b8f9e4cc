package io.tern.decoding.exported;

import io.tern.base.TernException;

/**
 * What a graph calls its inputs and outputs. In names of keys and values {@code %d} stands for the layer.
 *
 * @param inputIds the tokens to run
 * @param attentionMask ones, for each token before and in the run; a graph need not have it
 * @param positionIds the place of each token of the run; a graph need not have it
 */
public record GraphNames(
        String inputIds,
        String attentionMask,
        String positionIds,
        String pastKey,
        String pastValue,
        String logits,
        String presentKey,
        String presentValue) {
    /** Optimum's, which most others have taken over. */
    public static final GraphNames COMMON = new GraphNames(
            "input_ids",
            "attention_mask",
            "position_ids",
            "past_key_values.%d.key",
            "past_key_values.%d.value",
            "logits",
            "present.%d.key",
            "present.%d.value");

    private static final String LAYER = "%d";

    public GraphNames {
        requireLayer("past_key_names", pastKey);
        requireLayer("past_value_names", pastValue);
        requireLayer("present_key_names", presentKey);
        requireLayer("present_value_names", presentValue);
    }

    private static void requireLayer(String key, String pattern) {
        int at = pattern.indexOf(LAYER);
        boolean once = at >= 0 && pattern.indexOf('%') == at && pattern.lastIndexOf('%') == at;
        TernException.require(once, key, pattern, "a name with one %d for the layer");
    }

    /** @param pattern one of those of keys and values */
    public static String ofLayer(String pattern, int layer) {
        return pattern.replace(LAYER, Integer.toString(layer));
    }
}
