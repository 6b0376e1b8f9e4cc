package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.text.MarkedText;
import io.tern.text.Tokenizer;
import java.util.Arrays;

/**
 * A tokenizer for a model that has more ids, which are no text, or fewer.
 *
 * @param size ids are 0..size-1
 */
record SizedTokenizer(Tokenizer tokenizer, int size) implements Tokenizer {
    /** @throws TernException INVALID_ARGUMENT for a text with a token that the model does not know */
    @Override
    public int[] encode(MarkedText text) {
        int[] ids = tokenizer.encode(text);
        for (int id : ids) {
            TernException.require(id < size, "prompt", "a token with id " + id, "tokens with ids below " + size);
        }
        return ids;
    }

    @Override
    public int[] beginning() {
        return tokenizer.beginning();
    }

    @Override
    public byte[] bytes(int id) {
        return id < tokenizer.vocabularySize() ? tokenizer.bytes(id) : new byte[0];
    }

    @Override
    public String decode(int[] ids) {
        int known = tokenizer.vocabularySize();
        return tokenizer.decode(Arrays.stream(ids).filter(id -> id < known).toArray());
    }

    @Override
    public boolean isControl(int id) {
        return id < tokenizer.vocabularySize() && tokenizer.isControl(id);
    }

    @Override
    public int vocabularySize() {
        return size;
    }
}
