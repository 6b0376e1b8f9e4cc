package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.Fields;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's {@code n}: several texts for each prompt, each with a seed of its own. */
final class ChoiceFields {
    private static final int MOST_PER_PROMPT = 16;
    private static final int MOST = 32;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private ChoiceFields() {}

    static int perPrompt(Fields fields) {
        return requirePerPrompt(fields.int32("n").orElse(1));
    }

    static int requirePerPrompt(int count) {
        TernException.require(count >= 1 && count <= MOST_PER_PROMPT, "n", count, "1.." + MOST_PER_PROMPT);
        return count;
    }

    /** The first text of a prompt is the one that it has without {@code n}; it alone scores the prompt. */
    static List<GenerateRequest> choices(List<GenerateRequest> prompts, int perPrompt) {
        int count = prompts.size() * perPrompt;
        TernException.require(count <= MOST, prompts.size() > 1 ? "prompt" : "n", count + " texts", "at most " + MOST);
        List<GenerateRequest> choices = new ArrayList<>();
        for (GenerateRequest prompt : prompts) {
            choices.add(prompt);
            for (int i = 1; i < perPrompt; i++) {
                GenerateRequest.Builder choice = prompt.toBuilder().clearPromptLogprobs();
                if (prompt.hasSeed()) {
                    choice.setSeed(seed(prompt.getSeed(), i));
                }
                choices.add(choice.build());
            }
        }
        return choices;
    }

    /** Far from the seeds that a caller would count through; not negative. */
    private static long seed(long seed, int choice) {
        return (seed + choice * GOLDEN_GAMMA) & Long.MAX_VALUE;
    }
}
