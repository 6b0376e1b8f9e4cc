package io.tern.text;

import java.nio.charset.StandardCharsets;

/** Text to the token ids of one vocabulary, and back. Implementations are immutable and safe for many threads. */
public interface Tokenizer {
    /** Ids of a text; control tokens ({@code <|im_end|>}) are recognised only in its trusted parts. */
    int[] encode(MarkedText text);

    /** Ids that stand before a whole text, where the model was trained so; none before what a template wrote. */
    default int[] beginning() {
        return new int[0];
    }

    /** Bytes of a token, which may be part of a character only. A control token's are those of its name. */
    byte[] bytes(int id);

    /** Whether a token steers the model and is no text: {@code <|im_end|>}. */
    boolean isControl(int id);

    /** Ids are 0..vocabularySize-1. */
    int vocabularySize();

    /** Ids of a text in which control tokens are recognised by their names: for prompts that the caller wrote whole. */
    default int[] encode(String text) {
        return encode(MarkedText.trusted(text));
    }

    /** Ids of a text in which nothing is a control token: for what a user wrote. */
    default int[] encodeOrdinary(String text) {
        return encode(MarkedText.untrusted(text));
    }

    /** Text of tokens, control tokens by their names; bytes that are no characters become U+FFFD. */
    default String decode(int[] ids) {
        int size = 0;
        byte[][] pieces = new byte[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            pieces[i] = bytes(ids[i]);
            size = Math.addExact(size, pieces[i].length);
        }
        byte[] joined = new byte[size];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        return new String(joined, StandardCharsets.UTF_8);
    }
}
