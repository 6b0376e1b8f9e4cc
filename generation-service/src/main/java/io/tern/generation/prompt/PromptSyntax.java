package io.tern.generation.prompt;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.List;

/** How the text of a prompt is to be read. */
public enum PromptSyntax {
    /** Every character is itself. */
    PLAIN("none") {
        @Override
        public WeightedPrompt read(String field, String text) {
            return WeightedPrompt.plain(text);
        }
    },
    /** With the brackets of A1111's web UI. */
    A1111("a1111") {
        @Override
        public WeightedPrompt read(String field, String text) {
            List<WeightedPrompt.Part> parts = new PromptParser(text).parts();
            for (WeightedPrompt.Part part : parts) {
                TernException.require(
                        Math.abs(part.weight()) <= MOST_WEIGHT,
                        field,
                        "a weight of " + part.weight(),
                        "brackets that make " + -MOST_WEIGHT + ".." + MOST_WEIGHT);
            }
            return WeightedPrompt.merged(parts);
        }
    };

    private static final double MOST_WEIGHT = 10;

    private final String label;

    PromptSyntax(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** @throws TernException INVALID_ARGUMENT with the names that there are */
    public static PromptSyntax named(String name) {
        return Arrays.stream(values())
                .filter(syntax -> syntax.label.equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid("prompt_weighting", name, "none, a1111"));
    }

    /**
     * @param field of the request, for the refusal
     * @throws TernException INVALID_ARGUMENT for a weight that is out of all reason
     */
    public abstract WeightedPrompt read(String field, String text);
}
