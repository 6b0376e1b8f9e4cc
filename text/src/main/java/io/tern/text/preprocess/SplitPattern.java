package io.tern.text.preprocess;

import io.tern.text.vocabulary.TokenizerFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a tokenizer.json, which are Oniguruma's, as Java understands it. Expressions that could take
 * more than a few steps for each character, or a stack as deep as the text is long, are refused.
 */
final class SplitPattern {
    private static final int MAX_LENGTH = 10_000;
    /** Characters looked at for each character of the text: no tokenizer's expression needs a tenth of it. */
    private static final long MOST_LOOKS = 2_000;
    /** Oniguruma in Ruby's syntax: Unicode classes, line anchors at line feeds. */
    private static final int FLAGS =
            Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.MULTILINE | Pattern.UNIX_LINES;
    /** {@code \p{Han}} is a script, which Java wants to be told. */
    private static final Pattern SCRIPT = Pattern.compile("\\\\([pP])\\{(\\^?)([A-Z][a-z_]{2,})\\}");

    private final Pattern pattern;

    private SplitPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Of a text. */
    record Span(int begin, int end, boolean matches) {}

    static SplitPattern literal(String text) {
        return new SplitPattern(Pattern.compile(Pattern.quote(text)));
    }

    /** @throws IllegalArgumentException for an expression that is wrong or not supported */
    static SplitPattern regex(String regex) {
        TokenizerFile.require(
                regex.length() <= MAX_LENGTH, "regex", regex.length() + " characters", "at most " + MAX_LENGTH);
        requireSupported(regex);
        String java = SCRIPT.matcher(regex)
                .replaceAll(match -> Matcher.quoteReplacement(
                        isProperty(match.group(3))
                                ? match.group()
                                : "\\" + (match.group(2).isEmpty() ? match.group(1) : "P") + "{Is" + match.group(3)
                                        + "}"));
        try {
            return new SplitPattern(Pattern.compile(java, FLAGS));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("tokenizer file: regex: " + regex + " (" + e.getDescription() + ")", e);
        }
    }

    /** Posix names, which both engines have. */
    private static boolean isProperty(String name) {
        return List.of(
                        "Alpha", "Digit", "Alnum", "Upper", "Lower", "Punct", "Space", "Cntrl", "Graph", "Print",
                        "Blank")
                .contains(name);
    }

    /** A repeated group is recursion in Java; {@code \h} is a hexadecimal digit in Oniguruma and a space in Java. */
    private static void requireSupported(String regex) {
        int depth = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
                boolean known = i < regex.length() && "hHRXKgk".indexOf(regex.charAt(i)) < 0;
                TokenizerFile.require(known, "regex", regex, "none of \\h, \\R, \\X, \\K, \\g, \\k");
            } else if (c == '[') {
                depth++;
                TokenizerFile.require(!regex.startsWith("[:", i), "regex", regex, "no [:name:]");
            } else if (c == ']') {
                depth--;
            } else if (c == ')' && depth == 0 && i + 1 < regex.length()) {
                TokenizerFile.require(
                        "*+{".indexOf(regex.charAt(i + 1)) < 0, "regex", regex, "no repetition of a group");
            }
        }
    }

    /** The whole text, matches and what lies between. */
    List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        Matcher matcher = pattern.matcher(new Watched(text, text.length() * MOST_LOOKS + MOST_LOOKS));
        int from = 0;
        while (matcher.find()) {
            if (matcher.start() > from) {
                spans.add(new Span(from, matcher.start(), false));
            }
            if (matcher.end() > matcher.start()) {
                spans.add(new Span(matcher.start(), matcher.end(), true));
            }
            from = matcher.end();
        }
        if (from < text.length()) {
            spans.add(new Span(from, text.length(), false));
        }
        return spans;
    }

    /** Ends a search that takes too long. Owned by one thread. */
    private static final class Watched implements CharSequence {
        private final String text;
        private long looks;

        Watched(String text, long looks) {
            this.text = text;
            this.looks = looks;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--looks < 0) {
                throw new IllegalStateException("regex of the tokenizer: too slow for this text");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
