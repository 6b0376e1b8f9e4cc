package io.tern.text;

import java.util.function.Consumer;

/** How a text is cut into pieces before bytes are merged: no token reaches over a border of pieces. */
public enum PreTokenization {
    /** The pattern of GPT-2. */
    GPT2 {
        @Override
        void split(String text, Consumer<String> piece) {
            Gpt2Pattern.split(text, piece);
        }
    },
    /** Each digit by itself, and GPT-2's pattern on what lies between; so a space before a number stands alone. */
    SMOLLM {
        @Override
        void split(String text, Consumer<String> piece) {
            int start = 0;
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int next = i + Character.charCount(c);
                if (Characters.isNumber(c)) {
                    Gpt2Pattern.split(text.substring(start, i), piece);
                    piece.accept(text.substring(i, next));
                    start = next;
                }
                i = next;
            }
            Gpt2Pattern.split(text.substring(start), piece);
        }
    };

    /** Calls {@code piece} for each piece in order; together they are the text. */
    abstract void split(String text, Consumer<String> piece);
}
