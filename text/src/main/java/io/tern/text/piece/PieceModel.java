package io.tern.text.piece;

import java.util.function.IntConsumer;

/** How the pieces of a text become tokens. Immutable; what works on a text is its own. */
interface PieceModel {
    /** For the pieces of one text. Owned by one thread. */
    Encoder encoder();

    /** Hands out the tokens of a piece. */
    @FunctionalInterface
    interface Encoder {
        void encode(String piece, IntConsumer ids);
    }
}
