package io.tern.decoding.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexGrammarTest {
    private static final String PIECES = "abcxyz0189 _-.,:\n\t\"\\éß日🎉[](){}|*+?";

    /** Against the JDK's own engine, on texts that match and on texts near them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc|a(b|c)*z",
                "^\\d{2,4}-[^\\d\\s]{1,3}$",
                "(?:ab?){2,}x??",
                "[\\w.+-]+@[a-z]{2,6}",
                ".{0,5}",
                "[^a-z]+|é?🎉{2}",
                "\\p{Lu}\\p{L}*|\\p{Nd}+",
                "(?<year>19|20)\\d\\d",
                "a{0}|b{3}|c{1,}?",
                "[\\]\\-^]x|\\.\\*\\u00e9",
                "(a|b|ab)*(c|bcd)?",
                "(?i)abc|[x-z]+|ß",
                "a(?i:b(?-i)c)b(?i)c|c",
                "(?s)a.(?-s:.)|(?si)b.",
                "(?:(?i)ab)c{1,}",
                "\\p{sc=Han}{1,2}|\\P{Script=Greek}",
                "\\pLa?|\\PL",
                "",
            })
    void readsTheTextsThatTheExpressionMatches(String regex) {
        assertSame(regex, regex);
    }

    private static void assertSame(String regex, String ofJdk) {
        Pattern jdk = Pattern.compile(ofJdk);
        GrammarMachine machine = Grammars.machine(Grammar.ofRegex(regex, "regex"));
        Random random = new Random(regex.hashCode());
        int matches = 0;
        for (int i = 0; i < 300; i++) {
            byte[] text = Grammars.randomText(machine, random, 30);
            String sample = text == null ? "" : new String(text, StandardCharsets.UTF_8);
            for (String one : List.of(sample, changed(sample, random), random(random))) {
                boolean expected = jdk.matcher(one).matches();
                assertThat(Grammars.accepts(machine, one))
                        .as(regex + " on " + one)
                        .isEqualTo(expected);
                matches += expected ? 1 : 0;
            }
        }
        assertThat(matches).isGreaterThan(10);
    }

    /** Names that the JDK has elsewhere. */
    @Test
    void readsClassesOfPosixAndScripts() {
        assertSame("[[:alpha:]_]{1,3}[[:digit:][:punct:]]?", "[\\p{Alpha}_]{1,3}[\\p{Digit}\\p{Punct}]?");
        assertSame("[^[:^space:]a]", "[^\\P{Space}a]");
        assertSame("\\p{Greek}\\p{Latn}?\\P{Cyrillic}", "\\p{IsGreek}\\p{IsLatin}?\\P{IsCyrillic}");
    }

    /** ECMAScript's: no letter of ASCII has its other case outside of it. */
    @Test
    void lettersOfAnyCaseStayWithinAscii() {
        Grammar grammar = Grammar.ofRegex("(?i)sk[^k]ǆΣ", "regex");
        for (String good : List.of("skaǆΣ", "SKAǅσ", "Sk\u212aǄς")) {
            assertThat(Grammars.accepts(grammar, good)).as(good).isTrue();
        }
        for (String bad : List.of("ſkaǆΣ", "s\u212aaǆΣ", "skKǆΣ")) {
            assertThat(Grammars.accepts(grammar, bad)).as(bad).isFalse();
        }
    }

    private static String changed(String text, Random random) {
        int at = text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length()) + 1));
        return text.substring(0, at) + random(random).substring(0, 1) + text.substring(at);
    }

    private static String random(Random random) {
        StringBuilder text = new StringBuilder("a");
        for (int i = random.nextInt(5); i > 0; i--) {
            int at = random.nextInt(PIECES.codePointCount(0, PIECES.length()));
            text.appendCodePoint(PIECES.codePointAt(PIECES.offsetByCodePoints(0, at)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)b",
                "(?<!a)b",
                "(a)\\1",
                "\\bword",
                "a**",
                "(a",
                "a)",
                "[a",
                "[z-a]",
                "a{3,2}",
                "a{999999}",
                "a$b",
                "\\p{Nope}",
                "\\",
                "*",
                "((((a{50}){50}){50}){50})",
                "(a|b)*a(a|b){24}",
                "(.*a){3000}",
                "[^\\x00-\\U]",
            })
    void refusesWhatIsWrongOrNotRegularOrTooLarge(String regex) {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(() -> Grammar.ofRegex(regex, "regex"))
                .satisfies(e -> assertThat(e.field()).isEqualTo("regex"));
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(() -> Grammar.ofRegex("(".repeat(5000) + "a" + ")".repeat(5000), "regex"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "x(?=y)§look-ahead at character 1 (expected: none: look-around is not built)",
                "😀(?<!y)§look-behind at character 1 (expected: none: look-around is not built)",
                "(a)\\1§the back-reference \\1 at character 3 (expected: none: back-references are not built)",
                "\\bword§the word border \\b at character 0 (expected: none: word borders are not built)",
                "\\Qa.b\\E§\\Q at character 0 (expected: \\ before each character that stands for itself)",
                "a{3,1}§{3,1} at character 1 (expected: the least first)",
                "a{x}§{ without a count at character 1 (expected: a count as {2}, {2,} or {2,5}; \\{ for the bracket itself)",
                "b(a§( without a bracket that closes it at character 1 (expected: \\( for the bracket itself)",
                "ba)§) without a bracket that it closes at character 2 (expected: \\) for the bracket itself)",
                "b[a§[ without a bracket that closes it at character 1 (expected: \\[ for the bracket itself)",
                "[z-a]§a range that goes down at character 1 (expected: the lower character first)",
                "[a-\\d]§a range without a character at both ends at character 1 (expected: as in [a-z]; \\- for the dash itself)",
                "a++§a repeat of a repeat at character 1 (expected: one, or a group around what is repeated)",
                "*§* with nothing before it at character 0 (expected: \\* for the character itself)",
                "a$b§$ within the expression at character 1 (expected: it at the ends alone, \\$ for the character itself)",
                "\\p{Nope}§\\p{Nope} at character 0 (expected: a general category as L or Lu, or a script as Greek)",
                "[[:nope:]]§[:nope:] at character 1 (expected: one of alnum, alpha, blank, cntrl, digit, graph, lower, print, punct,"
                        + " space, upper, word, xdigit)",
                "a(?m)b§a kind of group that is not built at character 1 (expected: (?:...), (?<name>...), or the flags i and s as in"
                        + " (?i) and (?i:...))",
                "\\x4§an escape of 1 hexadecimal digits at character 0 (expected: 2 of them)",
                "\\§\\ at the end at character 0 (expected: \\\\ for the character itself)",
            })
    void saysWhatIsWrongAndWhere(String regex, String message) {
        assertThatExceptionOfType(TernException.class)
                .isThrownBy(() -> Grammar.ofRegex(regex, "regex"))
                .withMessage("regex: " + message);
    }

    @Test
    void readsOneOfTheChoices() {
        Grammar grammar = Grammar.ofChoice(List.of("yes", "yesterday", "no", "né"), "choice");
        for (String good : List.of("yes", "yesterday", "no", "né")) {
            assertThat(Grammars.accepts(grammar, good)).isTrue();
        }
        for (String bad : List.of("", "y", "yest", "nope", "noyes")) {
            assertThat(Grammars.accepts(grammar, bad)).isFalse();
        }
    }
}
