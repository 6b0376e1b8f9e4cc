package io.tern.text.vocabulary;

import java.util.Arrays;

/**
 * The printable characters that stand for the 256 bytes in a byte-level vocabulary: a byte that is a printable Latin-1
 * character is itself, the others follow from U+0100 on in order of their value; so a space is {@code Ġ}. Radford et
 * al. 2019.
 */
public final class ByteAlphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final char[] CHARACTERS = characters();
    private static final int[] BYTES = bytes();

    private ByteAlphabet() {}

    public static char character(int unsignedByte) {
        return CHARACTERS[unsignedByte];
    }

    /** Whether each of its characters stands for a byte. */
    public static boolean covers(String token) {
        return token.chars().allMatch(c -> c < BYTES.length && BYTES[c] >= 0);
    }

    /** @throws IllegalArgumentException if a character stands for no byte */
    public static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            int value = c < BYTES.length ? BYTES[c] : -1;
            if (value < 0) {
                throw new IllegalArgumentException("token: " + token + " (expected: characters that stand for bytes)");
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static char[] characters() {
        char[] characters = new char[256];
        char substitute = FIRST_SUBSTITUTE;
        for (int b = 0; b < characters.length; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b != 0xad);
            characters[b] = printable ? (char) b : substitute++;
        }
        return characters;
    }

    private static int[] bytes() {
        int[] bytes = new int[FIRST_SUBSTITUTE + CHARACTERS.length];
        Arrays.fill(bytes, -1);
        for (int b = 0; b < CHARACTERS.length; b++) {
            bytes[CHARACTERS[b]] = b;
        }
        return bytes;
    }
}
