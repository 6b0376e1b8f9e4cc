package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.text.MarkedText;
import io.tern.text.Tokenizer;

/** Of a model that came without one: it reads and writes ids, and no text. */
record NoTokenizer(int vocabularySize) implements Tokenizer {
    @Override
    public int[] encode(MarkedText text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        throw TernException.invalid("prompt", "a text", "token ids: the model has no tokenizer");
    }

    @Override
    public byte[] bytes(int id) {
        return new byte[0];
    }

    @Override
    public boolean isControl(int id) {
        return false;
    }
}
