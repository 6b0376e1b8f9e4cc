package io.tern.text.preprocess;

import io.tern.text.vocabulary.Characters;
import io.tern.text.vocabulary.TokenizerFile;
import java.text.Normalizer;
import java.util.Locale;

/** BERT's clean-up of a text, in the order of the reference: controls, Han characters, accents, case. */
public record BertNormalizer(boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase) {

    /** Accents follow the case where the file leaves them open. */
    public static BertNormalizer of(TokenizerFile file) {
        file.requireText("/normalizer/type", "BertNormalizer");
        boolean lowercase = file.flag("/normalizer/lowercase", true);
        return new BertNormalizer(
                file.flag("/normalizer/clean_text", true),
                file.flag("/normalizer/handle_chinese_chars", true),
                file.flag("/normalizer/strip_accents", lowercase),
                lowercase);
    }

    public String normalize(String text) {
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> appendSpaced(spaced, c));
        String result = spaced.toString();
        if (stripAccents) {
            result = withoutAccents(result);
        }
        return lowercase ? lower(result) : result;
    }

    private void appendSpaced(StringBuilder into, int c) {
        if (cleanText && (c == 0 || c == 0xfffd || Characters.isControl(c))) {
            return;
        }
        if (handleChineseChars && Characters.isChinese(c)) {
            into.append(' ').appendCodePoint(c).append(' ');
        } else {
            into.appendCodePoint(cleanText && Characters.isWhitespace(c) ? ' ' : c);
        }
    }

    private static String withoutAccents(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** Character by character: a sigma at the end of a word becomes σ, not ς as in Java's own rule. */
    public static String lower(String text) {
        StringBuilder lowered = new StringBuilder(text.length());
        text.codePoints().forEach(c -> lowered.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lowered.toString();
    }
}
