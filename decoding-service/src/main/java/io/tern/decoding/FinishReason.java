package io.tern.decoding;

import java.util.Locale;

/** Why a text ended. */
public enum FinishReason {
    /** A token that ends texts, or a stop string. */
    STOP,
    /** As many tokens as were asked for. */
    LENGTH;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
