package io.tern.text.encoder;

import io.tern.text.vocabulary.Characters;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Splits text into words at white space and around punctuation, and each word into the longest pieces of the
 * vocabulary from left to right; a word that cannot be split so becomes the unknown token as a whole.
 */
final class WordPiece {
    private final Map<String, Integer> vocabulary;
    private final String continuation;
    private final int unknown;
    private final int longestWord;
    private final int longestPiece;

    /** @param longestWord in characters; a longer word is unknown */
    WordPiece(Map<String, Integer> vocabulary, String continuation, int unknown, int longestWord) {
        this.vocabulary = Map.copyOf(vocabulary);
        this.continuation = continuation;
        this.unknown = unknown;
        this.longestWord = longestWord;
        this.longestPiece =
                vocabulary.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    void encode(String normalized, IntConsumer ids) {
        words(normalized, word -> encodeWord(word, ids));
    }

    private static void words(String text, Consumer<String> word) {
        int start = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean space = Characters.isWhitespace(c);
            if (space || Characters.isPunctuation(c)) {
                if (i > start) {
                    word.accept(text.substring(start, i));
                }
                if (!space) {
                    word.accept(text.substring(i, next));
                }
                start = next;
            }
            i = next;
        }
        if (start < text.length()) {
            word.accept(text.substring(start));
        }
    }

    private void encodeWord(String word, IntConsumer ids) {
        if (word.codePointCount(0, word.length()) > longestWord) {
            ids.accept(unknown);
            return;
        }
        int[] pieces = new int[word.length()];
        int count = 0;
        for (int start = 0; start < word.length(); count++) {
            int end = longestPieceEnd(word, start);
            if (end == start) {
                ids.accept(unknown);
                return;
            }
            pieces[count] = id(word, start, end);
            start = end;
        }
        for (int i = 0; i < count; i++) {
            ids.accept(pieces[i]);
        }
    }

    /** End of the longest piece that starts here, or {@code start} if there is none. */
    private int longestPieceEnd(String word, int start) {
        int end = Math.min(word.length(), start + longestPiece);
        while (end > start && id(word, start, end) < 0) {
            end--;
        }
        return end;
    }

    private int id(String word, int start, int end) {
        String piece = word.substring(start, end);
        return vocabulary.getOrDefault(start == 0 ? piece : continuation + piece, -1);
    }
}
