package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens. White space around tags goes as in Jinja with {@code trim_blocks} (the line end after a
 * block tag) and {@code lstrip_blocks} (blanks before a block tag that begins its line); {@code -} takes all, {@code +}
 * none.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
        lexer.run();
        return List.copyOf(lexer.tokens);
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(source.substring(at));
                at = source.length();
            } else {
                tag(tag);
            }
        }
        add(Kind.END, "");
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void tag(int start) {
        char kind = source.charAt(start + 1);
        char sign = start + 2 < source.length() ? source.charAt(start + 2) : ' ';
        String before = source.substring(at, start);
        if (sign == '-') {
            data(before.stripTrailing(), before);
        } else if (kind != '{' && sign != '+') {
            data(withoutIndent(before), before);
        } else {
            data(before);
        }
        at = start + 2 + (sign == '-' || sign == '+' ? 1 : 0);
        if (kind == '#') {
            comment();
        } else {
            add(kind == '{' ? Kind.OUTPUT_BEGIN : Kind.BLOCK_BEGIN, "");
            expression(kind == '{' ? "}}" : "%}", kind == '{' ? Kind.OUTPUT_END : Kind.BLOCK_END);
        }
    }

    private void data(String text) {
        data(text, text);
    }

    private void data(String kept, String whole) {
        if (!kept.isEmpty()) {
            add(Kind.DATA, kept);
        }
        countLines(whole);
    }

    /** Without the blanks between the start of the line and the tag, if there is nothing else. */
    private String withoutIndent(String text) {
        int newline = text.lastIndexOf('\n');
        boolean beginsLine = newline >= 0 || lineStart;
        return beginsLine && text.substring(newline + 1).isBlank() ? text.substring(0, newline + 1) : text;
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new TemplateException(line, "a comment has no end");
        }
        countLines(source.substring(at, end));
        char sign = end > at ? source.charAt(end - 1) : ' ';
        at = end + 2;
        afterTag(sign, true);
    }

    private void expression(String close, Kind end) {
        int open = 0;
        while (true) {
            skipBlanks();
            if (at >= source.length()) {
                throw new TemplateException(line, "a tag has no end (expected: " + close + ")");
            }
            char sign = source.charAt(at);
            boolean signed = (sign == '-' || sign == '+') && source.startsWith(close, at + 1);
            if (open == 0 && (signed || source.startsWith(close, at))) {
                at += signed ? 3 : 2;
                add(end, "");
                afterTag(signed ? sign : ' ', end == Kind.BLOCK_END);
                return;
            }
            Word word = Word.read(source, at, line);
            at = word.end();
            open += word.kind() == Kind.OPERATOR ? depth(word.text()) : 0;
            add(word.kind(), word.text());
        }
    }

    private static int depth(String operator) {
        return switch (operator) {
            case "(", "[", "{" -> 1;
            case ")", "]", "}" -> -1;
            default -> 0;
        };
    }

    private void afterTag(char sign, boolean trimsNewline) {
        int from = at;
        if (sign == '-') {
            skipBlanks();
        } else if (trimsNewline && sign != '+' && source.startsWith("\n", at)) {
            skipBlank();
        }
        lineStart = at > from && source.charAt(at - 1) == '\n';
    }

    private void skipBlanks() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            skipBlank();
        }
    }

    private void skipBlank() {
        line += source.charAt(at++) == '\n' ? 1 : 0;
    }

    private void countLines(String text) {
        line += (int) text.chars().filter(c -> c == '\n').count();
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }
}
