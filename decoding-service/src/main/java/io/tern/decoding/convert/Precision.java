package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a converted model keeps and multiplies its matrices. What it tells, logits and hidden states, is float32. */
public enum Precision {
    /** Exactly the values of the file. */
    FP32 {
        @Override
        WeightFormat format(OnnxGraph graph, WeightFile weights) {
            return new FloatWeights(graph, weights);
        }
    },
    /**
     * Weights, keys and values, and what flows between the layers as float16, sums in float32: for GPUs. A processor
     * computes it in float32, by way of conversions.
     */
    FP16 {
        @Override
        WeightFormat format(OnnxGraph graph, WeightFile weights) {
            return new FloatWeights(graph, weights);
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

    /** What flows between a graph's nodes. */
    ElementType numbers() {
        return this == FP16 ? ElementType.FLOAT16 : ElementType.FLOAT32;
    }

    /** For a model that drafts beside one of this precision: float16 weights, of which 4 bits would not leave enough. */
    public Precision ofDrafters() {
        return this == INT4 ? INT8 : this;
    }

    /** For heads that draft from the states of a model of this precision, on the processor. */
    public Precision ofHeads() {
        return this == FP16 ? INT8 : ofDrafters();
    }

    abstract WeightFormat format(OnnxGraph graph, WeightFile weights);

    /** {@code fp32}, {@code fp16}, {@code int8}, {@code int4}. */
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
