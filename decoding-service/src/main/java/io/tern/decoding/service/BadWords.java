package io.tern.decoding.service;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** vLLM's {@code bad_words} as tokens. */
final class BadWords {
    private static final int MOST = 1024;
    private static final int LONGEST = 256;

    private BadWords() {}

    /**
     * Each word as a text begins with it, and as it stands behind a space where that is as many tokens with another first one.
     *
     * @throws TernException INVALID_ARGUMENT for a word that is none
     */
    static List<List<Integer>> tokens(List<String> words, Tokenizer tokenizer) {
        require(words.size() <= MOST, "bad_words", words.size() + " words", "at most " + MOST);
        List<List<Integer>> tokens = new ArrayList<>();
        for (String word : new LinkedHashSet<>(words)) {
            require(
                    !word.isBlank() && word.length() <= LONGEST,
                    "bad_words",
                    word.isBlank() ? "a word of " + word.length() + " blanks" : word.length() + " characters",
                    "words of 1.." + LONGEST + " characters, not all blank");
            List<Integer> alone = encode(tokenizer, word.stripLeading());
            require(!alone.isEmpty(), "bad_words", "a word without tokens", "what the model can write");
            tokens.add(alone);
            List<Integer> within = encode(tokenizer, " " + word.stripLeading());
            if (within.size() == alone.size() && !within.getFirst().equals(alone.getFirst())) {
                tokens.add(within);
            }
        }
        return tokens;
    }

    private static List<Integer> encode(Tokenizer tokenizer, String text) {
        List<Integer> ids = new ArrayList<>();
        for (int id : tokenizer.encode(text)) {
            ids.add(id);
        }
        return ids;
    }
}
