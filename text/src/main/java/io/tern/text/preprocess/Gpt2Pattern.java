package io.tern.text.preprocess;

import io.tern.text.vocabulary.Characters;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Cuts a text as GPT-2's regular expression does: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|
 * ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. Written out, since it then takes linear time and no stack whatever the text.
 */
final class Gpt2Pattern {
    private static final String[] CONTRACTIONS = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

    private Gpt2Pattern() {}

    static void split(String text, Consumer<String> piece) {
        for (int start = 0; start < text.length(); ) {
            int end = end(text, start);
            piece.accept(text.substring(start, end));
            start = end;
        }
    }

    private static int end(String text, int start) {
        for (String contraction : CONTRACTIONS) {
            if (text.startsWith(contraction, start)) {
                return start + contraction.length();
            }
        }
        // One space may stand before a word, a number or other marks.
        int body = text.charAt(start) == ' ' && start + 1 < text.length() ? start + 1 : start;
        int first = text.codePointAt(body);
        if (Character.isLetter(first)) {
            return runEnd(text, body, Character::isLetter);
        }
        if (Characters.isNumber(first)) {
            return runEnd(text, body, Characters::isNumber);
        }
        if (!Characters.isWhitespace(first)) {
            return runEnd(text, body, Gpt2Pattern::isOther);
        }
        return whitespaceEnd(text, start);
    }

    /** A run of white space leaves its last character to what follows, if anything does and if it has two. */
    private static int whitespaceEnd(String text, int start) {
        int end = runEnd(text, start, Characters::isWhitespace);
        return end < text.length() && end - start > 1 ? end - 1 : end; // no white space lies beyond the BMP
    }

    private static boolean isOther(int c) {
        return !Characters.isWhitespace(c) && !Character.isLetter(c) && !Characters.isNumber(c);
    }

    private static int runEnd(String text, int start, IntPredicate belongs) {
        int end = start;
        while (end < text.length() && belongs.test(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }
}
