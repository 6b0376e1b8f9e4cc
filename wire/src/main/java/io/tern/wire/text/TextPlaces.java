package io.tern.wire.text;

import io.tern.decoding.v1.Token;
import io.tern.text.Utf8Stream;

/**
 * Where tokens begin in the text that they are together, in code points. One that begins within a character has that
 * character's place. One thread at a time.
 */
final class TextPlaces {
    private final Utf8Stream characters = new Utf8Stream();
    private int promptTokens;
    private int length;

    /** @param promptTokens that come first; no character is begun by them and ended by the answer */
    TextPlaces(int promptTokens) {
        this.promptTokens = promptTokens;
    }

    /** Of the next token. */
    int next(Token token) {
        if (promptTokens-- == 0) {
            add(characters.finish());
        }
        int place = length;
        add(characters.append(TokenNames.bytes(token.getText(), token.getRaw())));
        return place;
    }

    private void add(String text) {
        length += text.codePointCount(0, text.length());
    }
}
