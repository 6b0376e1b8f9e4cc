package io.tern.text.preprocess;

import io.tern.text.vocabulary.Characters;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Cuts a text as the regular expression of Llama 3 and Qwen 2 does: {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|
 * [^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}. Written out, since it then
 * takes linear time and no stack whatever the text.
 *
 * @param digits most digits of a piece: 3 for Llama, 1 for Qwen
 */
record Llama3Pattern(int digits) {
    private static final String[] CONTRACTIONS = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

    void split(String text, Consumer<String> piece) {
        for (int start = 0; start < text.length(); ) {
            int end = end(text, start);
            piece.accept(text.substring(start, end));
            start = end;
        }
    }

    private int end(String text, int start) {
        for (String contraction : CONTRACTIONS) {
            if (text.regionMatches(true, start, contraction, 0, contraction.length())) {
                return start + contraction.length();
            }
        }
        int first = text.codePointAt(start);
        int next = start + Character.charCount(first);
        if (Character.isLetter(first)) {
            return runEnd(text, start, Character::isLetter);
        }
        if (Characters.isNumber(first)) {
            return numberEnd(text, start);
        }
        // Any one mark or space, but for line ends, may stand before a word.
        if (!isLineEnd(first) && next < text.length() && Character.isLetter(text.codePointAt(next))) {
            return runEnd(text, next, Character::isLetter);
        }
        int body = first == ' ' && next < text.length() ? next : start;
        if (isOther(text.codePointAt(body))) {
            return runEnd(text, runEnd(text, body, Llama3Pattern::isOther), Llama3Pattern::isLineEnd);
        }
        return whitespaceEnd(text, start);
    }

    private int numberEnd(String text, int start) {
        int end = start;
        for (int i = 0; i < digits && end < text.length() && Characters.isNumber(text.codePointAt(end)); i++) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    /** Up to the last line end of a run of white space; without one all but the last character, which goes with what follows. */
    private static int whitespaceEnd(String text, int start) {
        int end = runEnd(text, start, Characters::isWhitespace);
        for (int i = end; i > start; i--) {
            if (isLineEnd(text.charAt(i - 1))) {
                return i;
            }
        }
        return end < text.length() && end - start > 1 ? end - 1 : end; // no white space lies beyond the BMP
    }

    private static boolean isLineEnd(int c) {
        return c == '\r' || c == '\n';
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
