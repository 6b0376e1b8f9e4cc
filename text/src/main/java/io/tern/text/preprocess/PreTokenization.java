package io.tern.text.preprocess;

import io.tern.text.vocabulary.Characters;
import java.util.function.Consumer;

/** How texts are cut for byte-level vocabularies, by the names that GGUF files have for it. */
public enum PreTokenization implements PreTokenizer {
    /** The pattern of GPT-2. */
    GPT2 {
        @Override
        void cut(String text, Consumer<String> piece) {
            Gpt2Pattern.split(text, piece);
        }
    },
    /** Each digit by itself, and GPT-2's pattern on what lies between; so a space before a number stands alone. */
    SMOLLM {
        @Override
        void cut(String text, Consumer<String> piece) {
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
        void cut(String text, Consumer<String> piece) {
            new Llama3Pattern(3).split(text, piece);
        }
    },
    /** Llama 3's with each digit by itself; letters and accents are composed before (Unicode's form C). */
    QWEN2 {
        @Override
        void cut(String text, Consumer<String> piece) {
            new Llama3Pattern(1).split(text, piece);
        }
    },
    /** Mistral Nemo's: words also end where small letters turn to capitals. */
    TEKKEN {
        @Override
        void cut(String text, Consumer<String> piece) {
            SplitBehavior.ISOLATED.cut(text, CasedWords.TEKKEN.spans(text), piece);
        }
    },
    /** GPT-4o's: the same, with contractions at the ends of words and three digits at a time. */
    GPT4O {
        @Override
        void cut(String text, Consumer<String> piece) {
            SplitBehavior.ISOLATED.cut(text, CasedWords.GPT4O.spans(text), piece);
        }
    };

    /** Calls {@code piece} for each piece in order; together they are the text. */
    abstract void cut(String text, Consumer<String> piece);

    /** Pieces with bytes as the characters that stand for them. */
    @Override
    public void split(String text, boolean first, Consumer<String> piece) {
        cut(text, part -> piece.accept(PreTokenizers.byteCharacters(part)));
    }

    /** Patterns that are compiled once. */
    private static final class CasedWords {
        private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
        private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

        static final SplitPattern TEKKEN = SplitPattern.regex(words("") + "|\\p{N}" + REST);
        static final SplitPattern GPT4O = SplitPattern.regex(words(CONTRACTION) + "|\\p{N}{1,3}" + REST);

        private static String words(String end) {
            return BEFORE + UPPER + "*" + LOWER + "+" + end + "|" + BEFORE + UPPER + "+" + LOWER + "*" + end;
        }
    }
}
