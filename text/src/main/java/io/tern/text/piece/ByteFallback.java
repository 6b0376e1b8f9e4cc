package io.tern.text.piece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntConsumer;

/** The tokens {@code <0x00>} to {@code <0xFF>} of a vocabulary, which stand for bytes of characters that it lacks. */
final class ByteFallback {
    /** Of a vocabulary without them, or which does not use them. */
    static final ByteFallback NONE = new ByteFallback(Map.of());

    private final int[] ids = new int[256];

    ByteFallback(Map<String, Integer> vocabulary) {
        Arrays.setAll(ids, value -> vocabulary.getOrDefault(name(value), -1));
    }

    private static String name(int value) {
        return "<0x%02X>".formatted(value);
    }

    /** The byte that such a token stands for, or -1 for another token. */
    static int value(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(token.charAt(3), 16);
        int low = Character.digit(token.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : 16 * high + low;
    }

    /** Whether it was done: not if a byte has no token. */
    boolean encode(String characters, IntConsumer tokens) {
        byte[] bytes = characters.getBytes(StandardCharsets.UTF_8);
        for (byte value : bytes) {
            if (ids[Byte.toUnsignedInt(value)] < 0) {
                return false;
            }
        }
        for (byte value : bytes) {
            tokens.accept(ids[Byte.toUnsignedInt(value)]);
        }
        return true;
    }
}
