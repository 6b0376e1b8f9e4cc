package io.tern.decoding.convert;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a converted model keeps and multiplies its matrices; norms, attention and logits are float32 in all of them. */
public enum Precision {
    /** Exactly the values of the file. */
    FP32 {
        @Override
        WeightFormat format(OnnxGraph graph, WeightFile weights) {
            return new Float32Weights(graph, weights);
        }
    },
    /** 8 bits for weights and activations, a scale for 32 of them: half of the time, perplexity within 1 %. */
    INT8 {
        @Override
        WeightFormat format(OnnxGraph graph, WeightFile weights) {
            return new Int8Weights(graph, weights);
        }
    },
    /** 4 bits for the weights of layers, 8 for embedding, head and activations: exact for files of 4-bit weights. */
    INT4 {
        @Override
        WeightFormat format(OnnxGraph graph, WeightFile weights) {
            return new Int4Weights(graph, weights);
        }
    };

    /** For what drafts beside a model of this precision: float16 weights, of which 4 bits would not leave enough. */
    public Precision ofDrafters() {
        return this == INT4 ? INT8 : this;
    }

    abstract WeightFormat format(OnnxGraph graph, WeightFile weights);

    /** {@code fp32}, {@code int8}, {@code int4}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws TernException INVALID_ARGUMENT for another name */
    public static Precision of(String name) {
        return Arrays.stream(values())
                .filter(precision -> precision.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        "precision",
                        name,
                        Arrays.stream(values()).map(Precision::wireName).collect(Collectors.joining(", "))));
    }
}
