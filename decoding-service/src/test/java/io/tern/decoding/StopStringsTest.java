package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopStrings stops = new StopStrings(List.of("STOP", "\n\n"));
        assertThat(stops.append("a ST")).isEqualTo("a ");
        assertThat(stops.append("A")).isEqualTo("STA");
        assertThat(stops.append("b\n")).isEqualTo("b");
        assertThat(stops.append("c\n")).isEqualTo("\nc");
        assertThat(stops.append("\nd")).isEmpty();
        assertThat(stops.found()).isEqualTo("\n\n");
        assertThat(stops.append("more")).isEmpty();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void givesBackAtTheEndWhatWasHeld() {
        StopStrings stops = new StopStrings(List.of("STOP"));
        assertThat(stops.append("x STO")).isEqualTo("x ");
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

    /** In random pieces, or letter by letter if there is no random. */
    private static List<String> cut(List<String> stops, String text, Random random) {
        StopStrings matcher = new StopStrings(stops);
        StringBuilder passed = new StringBuilder();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + (random == null ? 1 : 1 + random.nextInt(5)));
            passed.append(matcher.append(text.substring(from, to)));
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
