package io.tern.generation.prompt;

import java.util.ArrayList;
import java.util.List;

/**
 * A prompt whose parts weigh more or less than others.
 *
 * @param parts in order; neighbours differ in their weight
 */
public record WeightedPrompt(List<Part> parts) {
    public WeightedPrompt {
        parts = List.copyOf(parts);
    }

    /** @param weight 1 is as heavy as in a plain prompt */
    public record Part(String text, double weight) {}

    public static WeightedPrompt plain(String text) {
        return new WeightedPrompt(List.of(new Part(text, 1)));
    }

    static WeightedPrompt merged(List<Part> parts) {
        List<Part> merged = new ArrayList<>();
        for (Part part : parts) {
            if (!merged.isEmpty() && merged.getLast().weight() == part.weight()) {
                merged.add(new Part(merged.removeLast().text() + part.text(), part.weight()));
            } else {
                merged.add(part);
            }
        }
        return new WeightedPrompt(merged);
    }

    /** Whether all of it weighs the same. */
    public boolean isPlain() {
        return parts.stream().allMatch(part -> part.weight() == 1);
    }

    public boolean isEmpty() {
        return parts.stream().allMatch(part -> part.text().isEmpty());
    }
}
