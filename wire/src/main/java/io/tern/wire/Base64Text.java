package io.tern.wire;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64 of RFC 4648 §4, with or without padding. */
final class Base64Text {
    private Base64Text() {}

    static byte @Nullable [] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
