package io.tern.decoding.grammar;

import java.lang.Character.UnicodeScript;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The classes that regular expressions have names for. Shorthands are ASCII, as in ECMAScript. */
final class CharacterClasses {
    static final CodePoints DIGITS = CodePoints.range('0', '9');
    private static final CodePoints LETTERS = CodePoints.range('a', 'z').union(CodePoints.range('A', 'Z'));
    static final CodePoints WORD = DIGITS.union(LETTERS).union(CodePoints.of('_'));
    static final CodePoints SPACE = CodePoints.of(" \t\n\u000b\f\r\u00a0\ufeff\u2028\u2029\u1680\u202f\u205f\u3000")
            .union(CodePoints.range(0x2000, 0x200a));

    /** POSIX, in its C locale. */
    private static final Map<String, CodePoints> POSIX = Map.ofEntries(
            Map.entry("alnum", LETTERS.union(DIGITS)),
            Map.entry("alpha", LETTERS),
            Map.entry("blank", CodePoints.of(" \t")),
            Map.entry("cntrl", CodePoints.range(0, 0x1f).union(CodePoints.of(0x7f))),
            Map.entry("digit", DIGITS),
            Map.entry("graph", CodePoints.range('!', '~')),
            Map.entry("lower", CodePoints.range('a', 'z')),
            Map.entry("print", CodePoints.range(' ', '~')),
            Map.entry("punct", CodePoints.range('!', '~').minus(LETTERS.union(DIGITS))),
            Map.entry("space", CodePoints.of(" \t\n\u000b\f\r")),
            Map.entry("upper", CodePoints.range('A', 'Z')),
            Map.entry("word", WORD),
            Map.entry("xdigit", CodePoints.of("0123456789abcdefABCDEF")));

    /** First letters of the two-letter names of Unicode's general categories. */
    private static final String MAJOR = "LMNPSZ";

    private static final Map<Byte, String> NAMES = Map.ofEntries(
            Map.entry(Character.UPPERCASE_LETTER, "Lu"),
            Map.entry(Character.LOWERCASE_LETTER, "Ll"),
            Map.entry(Character.TITLECASE_LETTER, "Lt"),
            Map.entry(Character.MODIFIER_LETTER, "Lm"),
            Map.entry(Character.OTHER_LETTER, "Lo"),
            Map.entry(Character.NON_SPACING_MARK, "Mn"),
            Map.entry(Character.COMBINING_SPACING_MARK, "Mc"),
            Map.entry(Character.ENCLOSING_MARK, "Me"),
            Map.entry(Character.DECIMAL_DIGIT_NUMBER, "Nd"),
            Map.entry(Character.LETTER_NUMBER, "Nl"),
            Map.entry(Character.OTHER_NUMBER, "No"),
            Map.entry(Character.CONNECTOR_PUNCTUATION, "Pc"),
            Map.entry(Character.DASH_PUNCTUATION, "Pd"),
            Map.entry(Character.START_PUNCTUATION, "Ps"),
            Map.entry(Character.END_PUNCTUATION, "Pe"),
            Map.entry(Character.INITIAL_QUOTE_PUNCTUATION, "Pi"),
            Map.entry(Character.FINAL_QUOTE_PUNCTUATION, "Pf"),
            Map.entry(Character.OTHER_PUNCTUATION, "Po"),
            Map.entry(Character.MATH_SYMBOL, "Sm"),
            Map.entry(Character.CURRENCY_SYMBOL, "Sc"),
            Map.entry(Character.MODIFIER_SYMBOL, "Sk"),
            Map.entry(Character.OTHER_SYMBOL, "So"),
            Map.entry(Character.SPACE_SEPARATOR, "Zs"),
            Map.entry(Character.LINE_SEPARATOR, "Zl"),
            Map.entry(Character.PARAGRAPH_SEPARATOR, "Zp"));
    private static final Set<String> KNOWN = Set.copyOf(NAMES.values());
    private static final Map<String, CodePoints> CATEGORIES = new ConcurrentHashMap<>();
    private static final Map<UnicodeScript, CodePoints> SCRIPTS = new ConcurrentHashMap<>();
    private static final Pattern SCRIPT = Pattern.compile("(?:Script=|sc=)?([A-Za-z_]+)");

    private CharacterClasses() {}

    /** As {@code alpha}; null if there is none of this name. */
    static @Nullable CodePoints posix(String name) {
        return POSIX.get(name);
    }

    static String posixNames() {
        return String.join(", ", POSIX.keySet().stream().sorted().toList());
    }

    /**
     * What {@code \p{...}} stands for: a general category, as {@code L} or {@code Lu}, or a script, as {@code Greek} or
     * {@code Script=Greek}; null if there is none of this name.
     */
    static @Nullable CodePoints property(String name) {
        CodePoints category = category(name);
        return category == null ? script(name) : category;
    }

    private static @Nullable CodePoints script(String name) {
        Matcher script = SCRIPT.matcher(name);
        if (!script.matches()) {
            return null;
        }
        try {
            return SCRIPTS.computeIfAbsent(
                    UnicodeScript.forName(script.group(1)),
                    wanted -> CodePoints.matching(c -> UnicodeScript.of(c) == wanted));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable CodePoints category(String name) {
        boolean known = KNOWN.contains(name) || (name.length() == 1 && MAJOR.contains(name));
        return known ? CATEGORIES.computeIfAbsent(name, CharacterClasses::find) : null;
    }

    private static CodePoints find(String name) {
        return CodePoints.matching(
                c -> NAMES.getOrDefault((byte) Character.getType(c), "").startsWith(name));
    }
}
