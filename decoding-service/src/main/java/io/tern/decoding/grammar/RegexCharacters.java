package io.tern.decoding.grammar;

import io.tern.base.TernException;
import io.tern.decoding.grammar.CodePoints.Range;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands for one character in a regular expression: itself, an escape, a class. Owned by one parser. */
final class RegexCharacters {
    private static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u2028\u2029");
    private static final String HEXADECIMAL = "0123456789abcdefABCDEF";
    private static final String CATEGORY = "a general category as L or Lu, or a script as Greek";

    private final RegexText text;
    private RegexFlags flags = RegexFlags.NONE;

    RegexCharacters(RegexText text) {
        this.text = text;
    }

    RegexFlags flags() {
        return flags;
    }

    /** From here on. */
    void use(RegexFlags other) {
        flags = other;
    }

    /** The characters that the next part stands for. */
    CodePoints next() {
        if (text.take('.')) {
            return flags.dotAll() ? CodePoints.ALL : LINE_ENDS.complement();
        }
        if (text.peek() == '[') {
            return characterClass();
        }
        return cased(text.peek() == '\\' ? escape(false) : CodePoints.of(text.codePoint()));
    }

    private CodePoints cased(CodePoints set) {
        return flags.anyCase() ? LetterCases.closed(set) : set;
    }

    private CodePoints characterClass() {
        int place = text.place();
        text.take('[');
        boolean negated = text.take('^');
        List<Range> ranges = new ArrayList<>();
        while (!text.isAtEnd() && text.peek() != ']') {
            int begin = text.place();
            CodePoints first = classItem();
            if (text.peek() == '-' && !text.isNext("-]")) {
                text.take('-');
                ranges.add(between(begin, first));
            } else {
                ranges.addAll(first.ranges());
            }
        }
        if (!text.take(']')) {
            throw text.error(place, "[ without a bracket that closes it", "\\[ for the bracket itself");
        }
        CodePoints set = cased(CodePoints.ofRanges(ranges));
        return negated ? set.complement() : set;
    }

    private Range between(int place, CodePoints first) {
        CodePoints last = text.isAtEnd() ? CodePoints.NONE : classItem();
        if (!isSingle(first) || !isSingle(last)) {
            throw text.error(place, "a range without a character at both ends", "as in [a-z]; \\- for the dash itself");
        }
        Range range = new Range(
                first.ranges().getFirst().first(), last.ranges().getFirst().first());
        if (range.first() > range.last()) {
            throw text.error(place, "a range that goes down", "the lower character first");
        }
        return range;
    }

    private static boolean isSingle(CodePoints set) {
        return set.ranges().size() == 1
                && set.ranges().getFirst().first() == set.ranges().getFirst().last();
    }

    private CodePoints classItem() {
        if (text.peek() == '\\') {
            return escape(true);
        }
        CodePoints named = posixClass();
        return named == null ? CodePoints.of(text.codePoint()) : named;
    }

    /** As {@code [:alpha:]} or {@code [:^alpha:]}; null if there is none here. */
    private @Nullable CodePoints posixClass() {
        int place = text.place();
        if (!text.take("[:")) {
            return null;
        }
        boolean negated = text.take('^');
        String name = text.run("abcdefghijklmnopqrstuvwxyz", Integer.MAX_VALUE);
        if (!text.take(":]")) {
            text.back(place);
            return null; // the two characters themselves
        }
        CodePoints set = CharacterClasses.posix(name);
        if (set == null) {
            throw text.error(place, "[:" + name + ":]", "one of " + CharacterClasses.posixNames());
        }
        return negated ? set.complement() : set;
    }

    private CodePoints escape(boolean inClass) {
        int place = text.place();
        text.take('\\');
        if (text.isAtEnd()) {
            throw text.error(place, "\\ at the end", "\\\\ for the character itself");
        }
        int c = text.codePoint();
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
            case 'x' -> CodePoints.of(hexadecimal(place, 2));
            case 'u' -> CodePoints.of(text.take('{') ? bracedHexadecimal(place) : hexadecimal(place, 4));
            case 'p' -> property(place);
            case 'P' -> property(place).complement();
            case 'b' -> {
                if (!inClass) {
                    throw notBuilt(place, c);
                }
                yield CodePoints.of('\b');
            }
            default -> {
                if (c < 128 && Character.isLetterOrDigit(c)) {
                    throw notBuilt(place, c);
                }
                yield CodePoints.of(c);
            }
        };
    }

    private TernException notBuilt(int place, int c) {
        String escape = "\\" + Character.toString(c);
        return switch (c) {
            case 'b', 'B' -> text.error(place, "the word border " + escape, "none: word borders are not built");
            case '1', '2', '3', '4', '5', '6', '7', '8', '9', 'k' ->
                text.error(place, "the back-reference " + escape, "none: back-references are not built");
            case 'A', 'G', 'z', 'Z' ->
                text.error(place, escape, "^ or $ at the ends, where a match begins and ends anyway");
            case 'Q', 'E' -> text.error(place, escape, "\\ before each character that stands for itself");
            default ->
                text.error(
                        place,
                        escape,
                        "\\d \\w \\s \\D \\W \\S, \\n \\r \\t \\f \\v \\0, \\xHH, \\uHHHH, \\u{H}, \\p{...}, \\P{...}, or \\ before what is no letter and no digit");
        };
    }

    private CodePoints property(int place) {
        String name = text.take('{') ? text.until("}") : text.isAtEnd() ? "" : Character.toString(text.codePoint());
        CodePoints set = CharacterClasses.property(name);
        if (set == null) {
            throw text.error(place, "\\p{" + name + "}", CATEGORY);
        }
        return set;
    }

    private int hexadecimal(int place, int digits) {
        String number = text.run(HEXADECIMAL, digits);
        if (number.length() < digits) {
            throw text.error(place, "an escape of " + number.length() + " hexadecimal digits", digits + " of them");
        }
        return Integer.parseInt(number, 16);
    }

    private int bracedHexadecimal(int place) {
        String number = text.until("}");
        if (!number.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(number, 16) > Character.MAX_CODE_POINT) {
            throw text.error(place, "an escape that is no character", "\\u{0} to \\u{10FFFF}");
        }
        return Integer.parseInt(number, 16);
    }
}
