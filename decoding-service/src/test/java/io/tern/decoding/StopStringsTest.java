package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopStrings stops = new StopStrings(List.of("STOP", "\n\n"), false);
        assertThat(stops.append("a ST", true)).isEqualTo("a ");
        assertThat(stops.append("A", true)).isEqualTo("STA");
        assertThat(stops.append("b\n", true)).isEqualTo("b");
        assertThat(stops.append("c\n", true)).isEqualTo("\nc");
        assertThat(stops.append("\nd", true)).isEmpty();
        assertThat(stops.found()).isEqualTo("\n\n");
        assertThat(stops.append("more", true)).isEmpty();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void givesBackAtTheEndWhatWasHeld() {
        StopStrings stops = new StopStrings(List.of("STOP"), false);
        assertThat(stops.append("x STO", true)).isEqualTo("x ");
        assertThat(stops.finish()).isEqualTo("STO");
        assertThat(stops.found()).isNull();
    }

    @Test
    void takesTheOneThatIsCompleteFirstHoweverTheTextIsCut() {
        Random random = new Random(5);
        for (int round = 0; round < 5000; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                stops.add(letters(random, 1 + random.nextInt(4)));
            }
            String text = letters(random, random.nextInt(20));
            assertThat(cut(stops, text, random)).as("%s in %s", stops, text).isEqualTo(cut(stops, text, null));
        }
    }

    @Test
    void goesOnToTheEndOfOneThatIsShown() {
        StopStrings stops = new StopStrings(List.of("STOP"), true);
        assertThat(stops.append("a ST", true) + stops.append("OPb", true) + stops.append("c", true))
                .isEqualTo("a STOP");
        assertThat(stops.finish()).isEmpty();
        assertThat(stops.found()).isEqualTo("STOP");
    }

    @Test
    void passesThoseThatAreCompleteTooEarly() {
        StopStrings stops = new StopStrings(List.of("ab", "b"), false);
        assertThat(stops.append("xab", false)).isEqualTo("xab");
        assertThat(stops.append("y", true)).isEqualTo("y");
        assertThat(stops.append("b", true)).isEmpty();
        assertThat(stops.found()).isEqualTo("b");
    }

    /** "abc" is begun too early, and so held; the "b" in it is complete too early. */
    @Test
    void takesOneThatIsBegunTooEarlyAndCompleteInTime() {
        StopStrings begun = new StopStrings(List.of("b", "abc"), false);
        assertThat(begun.append("xab", false)).isEqualTo("x");
        assertThat(begun.append("c", true)).isEmpty();
        assertThat(begun.found()).isEqualTo("abc");
        StopStrings other = new StopStrings(List.of("b", "abc"), false);
        assertThat(other.append("xab", false) + other.append("db", true)).isEqualTo("xabd");
        assertThat(other.found()).isEqualTo("b");
    }

    /** In random pieces, or letter by letter if there is no random. */
    private static List<String> cut(List<String> stops, String text, Random random) {
        StopStrings matcher = new StopStrings(stops, false);
        StringBuilder passed = new StringBuilder();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + (random == null ? 1 : 1 + random.nextInt(5)));
            passed.append(matcher.append(text.substring(from, to), true));
            from = to;
        }
        passed.append(matcher.finish());
        return List.of(passed.toString(), String.valueOf(matcher.found()));
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 'a', 'd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
