package io.tern.decoding.exported;

import java.util.OptionalInt;

/**
 * What a folder says of its graph's keys and values.
 *
 * @param heads key-value heads of a layer
 * @param headSize numbers of a head's key or value
 */
public record KvSizes(OptionalInt layers, OptionalInt heads, OptionalInt headSize) {
    /** Of a folder that leaves it to the graph. */
    static final KvSizes UNKNOWN = new KvSizes(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
}
