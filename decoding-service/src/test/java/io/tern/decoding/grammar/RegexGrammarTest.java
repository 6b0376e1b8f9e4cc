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
                "",
            })
    void readsTheTextsThatTheExpressionMatches(String regex) {
        Pattern jdk = Pattern.compile(regex);
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
