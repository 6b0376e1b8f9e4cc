package io.tern.decoding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens while a text is written: one Started, a Step for each forward of the target model, one Finished. */
public sealed interface DecodingEvent {
    /**
     * Before the first step.
     *
     * @param prompt its tokens, if the request's echo asked for them
     */
    record Started(int promptTokens, List<DecodedToken> prompt) implements DecodingEvent {
        public Started {
            prompt = List.copyOf(prompt);
        }
    }

    /**
     * What one forward settled: the accepted part of the draft, then one token of the target's own.
     *
     * @param tokens control tokens and the one that ends the text included
     * @param text that is certain now; never part of a character or of a stop string
     * @param draft what was drafted for this step
     * @param accepted how many of {@code tokens} were drafted
     */
    record Step(List<DecodedToken> tokens, String text, List<DraftedToken> draft, int accepted)
            implements DecodingEvent {
        public Step {
            tokens = List.copyOf(tokens);
            draft = List.copyOf(draft);
        }

        /** How many tokens were drafted, on all branches together. */
        public int drafted() {
            return draft.size();
        }
    }

    /**
     * @param stop the stop string that ended the text, if one did
     * @param stopToken the one of the request's stop tokens that ended it, if one did
     * @param text that was held back until now
     */
    record Finished(
            FinishReason reason,
            @Nullable String stop,
            @Nullable Integer stopToken,
            String text,
            DecodingStats stats) implements DecodingEvent {}
}
