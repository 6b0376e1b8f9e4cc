package io.tern.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8StreamTest {
    @Test
    void waitsForTheRestOfACharacter() {
        Utf8Stream stream = new Utf8Stream();
        byte[] party = "🎉".getBytes(StandardCharsets.UTF_8);
        assertThat(stream.append(new byte[] {'a', party[0]})).isEqualTo("a");
        assertThat(stream.append(new byte[] {party[1], party[2]})).isEmpty();
        assertThat(stream.append(new byte[] {party[3], 'b'})).isEqualTo("🎉b");
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void replacesWhatCanNoLongerBecomeACharacter() {
        Utf8Stream stream = new Utf8Stream();
        assertThat(stream.append(new byte[] {(byte) 0xf0, (byte) 0x9f})).isEmpty();
        assertThat(stream.append(new byte[] {'x'})).isEqualTo("\ufffdx");
        assertThat(stream.append(new byte[] {(byte) 0x80})).isEqualTo("\ufffd");
        assertThat(stream.append(new byte[] {(byte) 0xe2, (byte) 0x82})).isEmpty();
        assertThat(stream.finish()).isEqualTo("\ufffd");
        assertThat(stream.append(new byte[] {'y'})).isEqualTo("y");
    }

    @Test
    void givesTheSameTextHoweverTheBytesArrive() {
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = randomBytes(random);
            Utf8Stream stream = new Utf8Stream();
            StringBuilder text = new StringBuilder();
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + random.nextInt(4));
                String piece = stream.append(Arrays.copyOfRange(bytes, from, to));
                if (!piece.isEmpty()) {
                    assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
                            .isFalse();
                }
                text.append(piece);
                from = to;
            }
            assertThat(text.append(stream.finish())).hasToString(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** Characters of all lengths with some bytes broken. */
    private static byte[] randomBytes(Random random) {
        int[] firsts = {0x41, 0x3b1, 0x4e00, 0x1f600};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.appendCodePoint(firsts[random.nextInt(4)] + random.nextInt(20));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
