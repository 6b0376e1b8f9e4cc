package io.tern.wire.inference;

import java.util.Map;

/**
 * Which outputs of an answer are to be bytes behind its JSON.
 *
 * @param byDefault those of which nothing was said
 * @param each what was said, by name
 */
public record BinaryOutputs(boolean byDefault, Map<String, Boolean> each) {
    public BinaryOutputs {
        each = Map.copyOf(each);
    }

    boolean of(String output) {
        return each.getOrDefault(output, byDefault);
    }
}
