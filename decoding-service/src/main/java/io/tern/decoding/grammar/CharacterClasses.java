package io.tern.decoding.grammar;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The classes that regular expressions have names for. Shorthands are ASCII, as in ECMAScript. */
final class CharacterClasses {
    static final CodePoints DIGITS = CodePoints.range('0', '9');
    static final CodePoints WORD = DIGITS.union(CodePoints.range('a', 'z'))
            .union(CodePoints.range('A', 'Z'))
            .union(CodePoints.of('_'));
    static final CodePoints SPACE = CodePoints.of(" \t\n\u000b\f\r\u00a0\ufeff\u2028\u2029\u1680\u202f\u205f\u3000")
            .union(CodePoints.range(0x2000, 0x200a));

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

    private CharacterClasses() {}

    /** A general category, as {@code L} or {@code Lu}; null if there is none of this name. */
    static @Nullable CodePoints category(String name) {
        boolean known = KNOWN.contains(name) || (name.length() == 1 && MAJOR.contains(name));
        return known ? CATEGORIES.computeIfAbsent(name, CharacterClasses::find) : null;
    }

    private static CodePoints find(String name) {
        return CodePoints.matching(
                c -> NAMES.getOrDefault((byte) Character.getType(c), "").startsWith(name));
    }
}
