package io.tern.decoding.grammar;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a grammar stands after some bytes: all places of the network that they may have led to. What follows from it is
 * found when it is first asked for. Guarded by its machine.
 */
final class GrammarState {
    private final Content content;
    private @Nullable GrammarState @Nullable [] next;
    long @Nullable [] mask;

    GrammarState(Content content) {
        this.content = content;
    }

    /**
     * What makes a state.
     *
     * @param mayEnd whether the bytes so far are a whole text of the grammar
     */
    record Content(Set<Place> places, boolean mayEnd) {}

    /** A state of the network that reads a byte, with the states to return to behind its rule. */
    record Place(int state, @Nullable Frame stack) {}

    Content content() {
        return content;
    }

    @Nullable
    GrammarState next(int unsignedByte) {
        return next == null ? null : next[unsignedByte];
    }

    void setNext(int unsignedByte, GrammarState state) {
        if (next == null) {
            next = new GrammarState[256];
        }
        next[unsignedByte] = state;
    }

    boolean mayEnd() {
        return content.mayEnd();
    }

    /** Whether no text of the grammar begins so. */
    boolean isDead() {
        return content.places().isEmpty() && !content.mayEnd();
    }
}
