package io.tern.text;

import java.text.Normalizer;
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
    },
    /** The pattern of Llama 3: three digits at a time, and line ends with what stands before them. */
    LLAMA3 {
        @Override
        void split(String text, Consumer<String> piece) {
            new Llama3Pattern(3).split(text, piece);
        }
    },
    /** Llama 3's with each digit by itself, on text whose letters and accents are composed (Unicode's form C). */
    QWEN2 {
        @Override
        void split(String text, Consumer<String> piece) {
            new Llama3Pattern(1).split(Normalizer.normalize(text, Normalizer.Form.NFC), piece);
        }
    };

    /** Calls {@code piece} for each piece in order; together they are the text, or its normal form. */
    abstract void split(String text, Consumer<String> piece);
}
