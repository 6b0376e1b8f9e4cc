package io.tern.decoding.model;

import io.tern.onnx.ModelSignature;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.util.Locale;

/**
 * How keys and values lie in memory: for each layer keys, then values, each [1, heads, capacity, headSize].
 *
 * @param heads key-value heads of a layer
 * @param type of their numbers
 */
record KvLayout(int layers, int heads, int headSize, ElementType type) {
    /** Keys and values. */
    static final int SIDES = 2;

    static KvLayout of(ModelSignature signature) {
        long caches = signature.inputs().stream()
                .filter(input -> input.name().startsWith(slot(0) + "past."))
                .count();
        TensorInfo first = signature.input(past(0, 0));
        return new KvLayout(
                Math.toIntExact(caches) / SIDES,
                Math.toIntExact(first.shape().dimension(1)),
                Math.toIntExact(first.shape().dimension(3)),
                first.type());
    }

    /** What the names of a slot's inputs and outputs begin with. */
    static String slot(int slot) {
        return "slot." + slot + ".";
    }

    /** Names of input {@code index} in 0..tensors()-1. */
    static String past(int slot, int index) {
        return slot(slot) + "past." + suffix(index);
    }

    static String present(int slot, int index) {
        return slot(slot) + "present." + suffix(index);
    }

    private static String suffix(int index) {
        return index / SIDES + (index % SIDES == 0 ? ".key" : ".value");
    }

    /** {@code float32}, {@code float16} or {@code int8}. */
    String wireName() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    int tensors() {
        return layers * SIDES;
    }

    /** Of one position in one head. */
    long rowBytes() {
        return (long) headSize * type.sizeBytes();
    }

    Shape shape(int capacity) {
        return Shape.of(1, heads, capacity, headSize);
    }

    /** Of one tensor. */
    long tensorBytes(int capacity) {
        return heads * capacity * rowBytes();
    }

    long totalBytes(int capacity) {
        return tensors() * tensorBytes(capacity);
    }
}
