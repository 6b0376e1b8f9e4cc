package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** What methods and filters do with texts; each part of a text keeps its mark. */
final class Strings {
    private Strings() {}

    /** @param characters to take away at the ends; empty for white space */
    static MarkedText strip(MarkedText text, String characters, boolean left, boolean right) {
        String plain = text.text();
        IntPredicate goes = c -> characters.isEmpty() ? isBlank(c) : characters.indexOf(c) >= 0;
        int start = 0;
        int end = plain.length();
        while (left && start < end && goes.test(plain.charAt(start))) {
            start++;
        }
        while (right && end > start && goes.test(plain.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** @param separator empty for runs of white space, which then also go at both ends */
    static List<MarkedText> split(MarkedText text, String separator, int most) {
        return separator.isEmpty() ? splitAtBlanks(text, most) : splitAt(text, separator, most);
    }

    private static List<MarkedText> splitAt(MarkedText text, String separator, int most) {
        String plain = text.text();
        List<MarkedText> pieces = new ArrayList<>();
        int from = 0;
        for (int at = plain.indexOf(separator); at >= 0 && pieces.size() != most; at = plain.indexOf(separator, from)) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
        }
        pieces.add(text.substring(from, plain.length()));
        return pieces;
    }

    private static List<MarkedText> splitAtBlanks(MarkedText text, int most) {
        String plain = text.text();
        List<MarkedText> pieces = new ArrayList<>();
        for (int from = skip(plain, 0, true); from < plain.length(); ) {
            int to = pieces.size() == most ? plain.length() : skip(plain, from, false);
            pieces.add(text.substring(from, to));
            from = skip(plain, to, true);
        }
        return pieces;
    }

    private static int skip(String text, int from, boolean blanks) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at)) == blanks) {
            at++;
        }
        return at;
    }

    /** @param old not empty */
    static MarkedText replace(MarkedText text, String old, MarkedText replacement, int most) {
        return join(splitAt(text, old, most), replacement);
    }

    static MarkedText join(List<MarkedText> pieces, MarkedText separator) {
        MarkedText.Builder joined = new MarkedText.Builder();
        for (int i = 0; i < pieces.size(); i++) {
            joined.append(i == 0 ? MarkedText.trusted("") : separator).append(pieces.get(i));
        }
        return joined.build();
    }

    static MarkedText upper(MarkedText text) {
        return text.map(part -> part.toUpperCase(Locale.ROOT));
    }

    static MarkedText lower(MarkedText text) {
        return text.map(part -> part.toLowerCase(Locale.ROOT));
    }

    /** The first letter large, all others small. */
    static MarkedText capitalize(MarkedText text) {
        int first = text.isEmpty() ? 0 : Character.charCount(text.text().codePointAt(0));
        return upper(text.substring(0, first)).plus(lower(text.substring(first, text.length())));
    }

    /** The first letter of each word large, all others small. */
    static MarkedText title(MarkedText text) {
        MarkedText.Builder title = new MarkedText.Builder();
        boolean inWord = false;
        for (MarkedText.Part part : text.parts()) {
            StringBuilder changed = new StringBuilder();
            for (int c : part.text().codePoints().toArray()) {
                String letter = Character.toString(c);
                changed.append(inWord ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
                inWord = !Character.isWhitespace(c) && "-([{<".indexOf(c) < 0;
            }
            title.append(changed.toString(), part.trusted());
        }
        return title.build();
    }

    /**
     * Blanks before each line.
     *
     * @param first before the first one, too
     * @param blank before empty ones, too
     */
    static MarkedText indent(MarkedText text, int width, boolean first, boolean blank) {
        MarkedText.Builder indented = new MarkedText.Builder();
        List<MarkedText> lines = splitAt(text, "\n", -1);
        for (int i = 0; i < lines.size(); i++) {
            indented.append(i == 0 ? "" : "\n", true);
            boolean wanted = i == 0 ? first : blank || !lines.get(i).isEmpty();
            indented.append(wanted ? " ".repeat(width) : "", true).append(lines.get(i));
        }
        return indented.build();
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
