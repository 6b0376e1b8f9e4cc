package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.CodePoints.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regular part of the regular expressions of ECMAScript and Python: literals, {@code .}, classes and their
 * shorthands, groups, alternation, counted repeats. A match is always of the whole text, so {@code ^} and {@code $} change
 * nothing where they may stand, at the ends. Look-around, back-references and word borders are refused.
 */
final class RegexParser {
    private static final int LONGEST = 8_192;
    private static final int DEEPEST = 64;
    private static final int MOST_REPEATS = 100_000;
    private static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u2028\u2029");

    private final String pattern;
    private final String field;
    private int at;
    private int depth;

    private RegexParser(String pattern, String field) {
        this.pattern = pattern;
        this.field = field;
    }

    /**
     * @param field of the request that holds it, for errors
     * @throws TernException INVALID_ARGUMENT if it is wrong, not regular or too long
     */
    static RegexNode parse(String pattern, String field) {
        require(pattern.length() <= LONGEST, field, pattern.length() + " characters", "at most " + LONGEST);
        RegexParser parser = new RegexParser(pattern, field);
        RegexNode node = parser.alternatives();
        if (parser.at < pattern.length()) {
            throw parser.error("a closing bracket without an opening one");
        }
        return node;
    }

    private RegexNode alternatives() {
        if (++depth > DEEPEST) {
            throw error("more than " + DEEPEST + " levels");
        }
        List<RegexNode> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (take('|'));
        depth--;
        return options.size() == 1 ? options.getFirst() : new RegexNode.Alternatives(List.copyOf(options));
    }

    private RegexNode sequence() {
        List<RegexNode> parts = new ArrayList<>();
        if (depth == 1) {
            take('^');
        }
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            if (peek() == '$' && depth == 1 && (at + 1 == pattern.length() || pattern.charAt(at + 1) == '|')) {
                at++;
            } else {
                parts.add(repeated());
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(List.copyOf(parts));
    }

    private RegexNode repeated() {
        RegexNode node = atom();
        while (at < pattern.length()) {
            int begin = at;
            if (take('*')) {
                node = new RegexNode.Repeated(node, 0, RegexNode.UNBOUNDED);
            } else if (take('+')) {
                node = new RegexNode.Repeated(node, 1, RegexNode.UNBOUNDED);
            } else if (take('?')) {
                node = new RegexNode.Repeated(node, 0, 1);
            } else if (peek() == '{') {
                node = counted(node);
            } else {
                return node;
            }
            take('?'); // lazy: the same texts
            if (at < pattern.length() && "*+?{".indexOf(peek()) >= 0) {
                at = begin;
                throw error("a repeat of a repeat");
            }
        }
        return node;
    }

    private RegexNode counted(RegexNode node) {
        at++;
        int least = number();
        int most = least;
        if (take(',')) {
            most = peek() == '}' ? RegexNode.UNBOUNDED : number();
        }
        expect('}');
        if (most != RegexNode.UNBOUNDED && most < least) {
            throw error("{" + least + "," + most + "}");
        }
        return new RegexNode.Repeated(node, least, most);
    }

    private int number() {
        int begin = at;
        while (at < pattern.length() && peek() >= '0' && peek() <= '9' && at - begin < 7) {
            at++;
        }
        if (at == begin) {
            throw error("no count");
        }
        int value = Integer.parseInt(pattern.substring(begin, at));
        require(value <= MOST_REPEATS, field, "a count of " + value, "at most " + MOST_REPEATS);
        return value;
    }

    private RegexNode atom() {
        char c = peek();
        return switch (c) {
            case '(' -> group();
            case '[' -> new RegexNode.One(characterClass());
            case '.' -> {
                at++;
                yield new RegexNode.One(LINE_ENDS.complement());
            }
            case '\\' -> new RegexNode.One(escape(false));
            case '^', '$' -> throw error(c + " within the expression (expected: only at its ends)");
            case '*', '+', '?', '{', '}', ']' -> throw error(c + " with nothing before it");
            default -> new RegexNode.One(CodePoints.of(codePoint()));
        };
    }

    private RegexNode group() {
        at++;
        if (take('?')) {
            if (pattern.startsWith("<", at) && !pattern.startsWith("<=", at) && !pattern.startsWith("<!", at)
                    || pattern.startsWith("P<", at)) {
                int end = pattern.indexOf('>', at);
                if (end < 0) {
                    throw error("a group's name without an end");
                }
                at = end + 1;
            } else if (!take(':')) {
                throw error("look-around or a flag");
            }
        }
        RegexNode node = alternatives();
        expect(')');
        return node;
    }

    private CodePoints characterClass() {
        at++;
        boolean negated = take('^');
        List<Range> ranges = new ArrayList<>();
        while (at < pattern.length() && peek() != ']') {
            CodePoints first = classItem();
            if (at + 1 < pattern.length() && peek() == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                ranges.add(between(first, classItem()));
            } else {
                ranges.addAll(first.ranges());
            }
        }
        expect(']');
        CodePoints set = CodePoints.ofRanges(ranges);
        return negated ? set.complement() : set;
    }

    private Range between(CodePoints first, CodePoints last) {
        boolean single = isSingle(first) && isSingle(last);
        if (!single
                || first.ranges().getFirst().first() > last.ranges().getFirst().first()) {
            throw error("a range that goes down or has a class as its end");
        }
        return new Range(
                first.ranges().getFirst().first(), last.ranges().getFirst().first());
    }

    private static boolean isSingle(CodePoints set) {
        return set.ranges().size() == 1
                && set.ranges().getFirst().first() == set.ranges().getFirst().last();
    }

    private CodePoints classItem() {
        return peek() == '\\' ? escape(true) : CodePoints.of(codePoint());
    }

    private CodePoints escape(boolean inClass) {
        at++;
        if (at == pattern.length()) {
            throw error("a backslash at the end");
        }
        int begin = at;
        int c = codePoint();
        return switch (c) {
            case 'd' -> CharacterClasses.DIGITS;
            case 'D' -> CharacterClasses.DIGITS.complement();
            case 'w' -> CharacterClasses.WORD;
            case 'W' -> CharacterClasses.WORD.complement();
            case 's' -> CharacterClasses.SPACE;
            case 'S' -> CharacterClasses.SPACE.complement();
            case 'n' -> CodePoints.of('\n');
            case 'r' -> CodePoints.of('\r');
            case 't' -> CodePoints.of('\t');
            case 'f' -> CodePoints.of('\f');
            case 'v' -> CodePoints.of(0x0b);
            case '0' -> CodePoints.of(0);
            case 'x' -> CodePoints.of(hexadecimal(2));
            case 'u' -> take('{') ? CodePoints.of(bracedHexadecimal()) : CodePoints.of(hexadecimal(4));
            case 'p' -> property();
            case 'P' -> property().complement();
            default -> {
                boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                if (letter && !(inClass && c == 'b')) {
                    at = begin;
                    throw error("\\" + Character.toString(c));
                }
                yield CodePoints.of(letter ? '\b' : c); // [\b] is a backspace
            }
        };
    }

    private CodePoints property() {
        expect('{');
        int end = pattern.indexOf('}', at);
        String name = end < 0 ? "" : pattern.substring(at, end);
        CodePoints set = CharacterClasses.category(name);
        if (set == null) {
            throw error("\\p{" + name + "}");
        }
        at = end + 1;
        return set;
    }

    private int hexadecimal(int digits) {
        int end = Math.min(pattern.length(), at + digits);
        String number = pattern.substring(at, end);
        if (!number.matches("[0-9a-fA-F]{" + digits + "}")) {
            throw error("an escape without " + digits + " hexadecimal digits");
        }
        at = end;
        return Integer.parseInt(number, 16);
    }

    private int bracedHexadecimal() {
        int end = pattern.indexOf('}', at);
        String number = end < 0 ? "" : pattern.substring(at, end);
        if (!number.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(number, 16) > Character.MAX_CODE_POINT) {
            throw error("an escape that is no character");
        }
        at = end + 1;
        return Integer.parseInt(number, 16);
    }

    private int codePoint() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private char peek() {
        return at < pattern.length() ? pattern.charAt(at) : 0;
    }

    private boolean take(char c) {
        boolean is = at < pattern.length() && pattern.charAt(at) == c;
        at += is ? 1 : 0;
        return is;
    }

    private void expect(char c) {
        if (!take(c)) {
            throw error("no " + c);
        }
    }

    private TernException error(String what) {
        return TernException.invalid(
                field, what + " at character " + at, "a regular expression without look-around and back-references");
    }
}
