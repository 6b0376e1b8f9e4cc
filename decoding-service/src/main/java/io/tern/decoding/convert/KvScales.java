package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.text;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.util.List;

/**
 * Steps of keys and values that are kept as 8-bit integers, symmetric around zero: one for each channel of each head, since
 * some channels of keys are many times as large as others in all tokens (Hooper et al. 2024, KVQuant, section 3.1).
 *
 * @param heads key-value heads of a layer
 * @param headSize channels of a head
 * @param largest for each layer its keys', then its values', each [heads, headSize]: what becomes 127; larger ones are cut
 */
public record KvScales(int heads, int headSize, List<float[]> largest) {
    private static final float STEPS = 127;

    /** What the attention's operator is told. */
    static final List<Operator.Attribute> ATTRIBUTES = List.of(
            text("k_quant_type", "PER_CHANNEL"), text("v_quant_type", "PER_CHANNEL"), whole("kv_cache_bit_width", 8));

    /** Makes the scales of a model whose keys and values are kept as they are. */
    @FunctionalInterface
    public interface Source {
        KvScales of(ConvertedModel model) throws IOException;
    }

    public KvScales {
        largest = List.copyOf(largest);
        for (float[] channels : largest) {
            if (channels.length != heads * headSize) {
                throw new IllegalArgumentException(
                        "channels: " + channels.length + " (expected: " + heads + " * " + headSize + ")");
            }
        }
    }

    /** The name of a layer's tensor for its keys, float32 [heads, 1, headSize]. */
    static String keys(int layer) {
        return "layer." + layer + ".key_steps";
    }

    /** As {@link #keys}. */
    static String values(int layer) {
        return "layer." + layer + ".value_steps";
    }

    /** Stores both tensors of a layer. */
    void store(int layer, OnnxGraph graph, WeightFile weights) throws IOException {
        store(keys(layer), largest.get(2 * layer), graph, weights);
        store(values(layer), largest.get(2 * layer + 1), graph, weights);
    }

    private void store(String name, float[] channels, OnnxGraph graph, WeightFile weights) throws IOException {
        float[] steps = new float[channels.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = channels[i] > 0 ? channels[i] / STEPS : 1; // channels that only fill a head up are zero
        }
        weights.begin();
        weights.put(steps);
        var _ = graph.weight(name, ElementType.FLOAT32, Shape.of(heads, 1, headSize), weights.end());
    }
}
