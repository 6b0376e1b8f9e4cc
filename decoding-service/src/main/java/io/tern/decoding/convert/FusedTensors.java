package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import java.util.HashMap;
import java.util.Map;

/** Matrices that some families store as one, rows below rows: queries, keys and values; a gate and what it opens. */
final class FusedTensors {
    private static final String ATTENTION = ".attn_qkv.weight";
    private static final String GATE = ".ffn_gate.weight";
    private static final String UP = ".ffn_up.weight";

    private FusedTensors() {}

    /**
     * Each by itself.
     *
     * @param tensors by the names that GGUF files have; what is fused is called {@code attn_qkv} and {@code ffn_up}
     * @throws TernException INVALID_ARGUMENT for one with other than the rows of its parts
     */
    static Map<String, WeightTensor> split(Map<String, ? extends WeightTensor> tensors, DecoderShape shape) {
        Map<String, WeightTensor> split = new HashMap<>(tensors);
        tensors.forEach((name, tensor) -> {
            if (name.endsWith(ATTENTION)) {
                String block = name.substring(0, name.length() - ATTENTION.length());
                int keys = shape.queryWidth();
                int values = keys + shape.keyValueWidth();
                int end = values + shape.keyValueWidth();
                TernException.require(tensor.rows() == end, tensor.name(), tensor.shape(), end + " rows");
                split.remove(name);
                split.put(block + ".attn_q.weight", tensor.rows(0, keys));
                split.put(block + ".attn_k.weight", tensor.rows(keys, values));
                split.put(block + ".attn_v.weight", tensor.rows(values, end));
            } else if (name.endsWith(UP) && !tensors.containsKey(name.replace(UP, GATE))) {
                String block = name.substring(0, name.length() - UP.length());
                int both = 2 * shape.feedForward();
                TernException.require(tensor.rows() == both, tensor.name(), tensor.shape(), both + " rows");
                split.put(block + GATE, tensor.rows(0, shape.feedForward()));
                split.put(name, tensor.rows(shape.feedForward(), tensor.rows()));
            }
        });
        return split;
    }
}
