package io.tern.decoding;

import io.tern.text.Tokenizer;
import io.tern.text.Utf8Stream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The text of an output as its tokens come: whole characters, no control tokens but those shown, nothing of a stop string. */
final class OutputText {
    private final Tokenizer tokenizer;
    private final Utf8Stream characters = new Utf8Stream();
    private final StopStrings stops;
    private final Set<Integer> shown;

    OutputText(Tokenizer tokenizer, Ending ending, Set<Integer> shown) {
        this.tokenizer = tokenizer;
        this.shown = shown;
        this.stops = new StopStrings(ending.strings(), ending.shown());
    }

    /**
     * The text that this token makes certain.
     *
     * @param mayEnd whether a stop string that it completes ends the text
     */
    String append(int token, boolean mayEnd) {
        boolean text = !tokenizer.isControl(token) || shown.contains(token);
        return text ? stops.append(characters.append(tokenizer.bytes(token)), mayEnd) : "";
    }

    /**
     * What was held back. The beginning of a character whose rest never came is left out: it is no text yet, and its
     * bytes are in the tokens.
     */
    String finish() {
        return stops.finish();
    }

    @Nullable
    String stop() {
        return stops.found();
    }
}
