package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A token within a tag and where it ends in the source. */
record Word(Kind kind, String text, int end) {
    private static final Pattern NAME = Pattern.compile("[\\p{IsAlphabetic}_][\\p{IsAlphabetic}\\p{IsDigit}_]*+");
    private static final Pattern FLOAT = Pattern.compile("\\d++(\\.\\d++([eE][+-]?\\d++)?|[eE][+-]?\\d++)");
    private static final Pattern INTEGER = Pattern.compile("\\d++(_\\d++)*+");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|<=|>=|[-+*/%~<>=()\\[\\]{}.,:|]");
    private static final String QUOTES = "'\"";

    static Word read(String source, int at, int line) {
        if (QUOTES.indexOf(source.charAt(at)) >= 0) {
            return string(source, at, line);
        }
        Matcher matcher = NAME.matcher(source).region(at, source.length());
        if (matcher.lookingAt()) {
            return new Word(Kind.NAME, matcher.group(), matcher.end());
        }
        if (matcher.usePattern(FLOAT).region(at, source.length()).lookingAt()) {
            return new Word(Kind.FLOAT, matcher.group(), matcher.end());
        }
        if (matcher.usePattern(INTEGER).region(at, source.length()).lookingAt()) {
            return new Word(Kind.INTEGER, matcher.group().replace("_", ""), matcher.end());
        }
        if (matcher.usePattern(OPERATOR).region(at, source.length()).lookingAt()) {
            return new Word(Kind.OPERATOR, matcher.group(), matcher.end());
        }
        throw new TemplateException(
                line, "character: " + Character.toString(source.codePointAt(at)) + " (expected: an expression)");
    }

    private static Word string(String source, int start, int line) {
        char quote = source.charAt(start);
        StringBuilder value = new StringBuilder();
        int at = start + 1;
        while (at < source.length() && source.charAt(at) != quote) {
            if (source.charAt(at) == '\\' && at + 1 < source.length()) {
                at = escape(source, at + 1, value, line);
            } else {
                value.append(source.charAt(at++));
            }
        }
        if (at >= source.length()) {
            throw new TemplateException(line, "a string has no end");
        }
        return new Word(Kind.STRING, value.toString(), at + 1);
    }

    /** Python's escapes; a backslash before any other character stays. Returns where it ends. */
    private static int escape(String source, int at, StringBuilder value, int line) {
        char c = source.charAt(at);
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case '\\', '\'', '"' -> value.append(c);
            case '\n' -> {} // a line that goes on
            case 'x' -> {
                return hexadecimal(source, at + 1, 2, value, line);
            }
            case 'u' -> {
                return hexadecimal(source, at + 1, 4, value, line);
            }
            default -> value.append('\\').append(c);
        }
        return at + 1;
    }

    private static int hexadecimal(String source, int at, int digits, StringBuilder value, int line) {
        String number = source.substring(at, Math.min(source.length(), at + digits));
        if (!number.matches("[0-9a-fA-F]{" + digits + "}")) {
            throw new TemplateException(line, "escape: \\" + number + " (expected: " + digits + " hexadecimal digits)");
        }
        value.append((char) Integer.parseInt(number, 16));
        return at + digits;
    }
}
