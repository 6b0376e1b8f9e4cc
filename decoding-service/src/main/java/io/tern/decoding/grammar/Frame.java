package io.tern.decoding.grammar;

import org.jspecify.annotations.Nullable;

/** A stack of states to return to, shared between those that have grown from it. Immutable. */
final class Frame {
    private final int state;
    private final @Nullable Frame below;
    private final int hash;

    Frame(int state, @Nullable Frame below) {
        this.state = state;
        this.below = below;
        this.hash = 31 * (below == null ? 17 : below.hash) + state;
    }

    /** Where to go on when the rule that was called is read. */
    int state() {
        return state;
    }

    @Nullable
    Frame below() {
        return below;
    }

    /** In a loop: a stack may be thousands deep. */
    @Override
    public boolean equals(Object other) {
        Object mine = this;
        Object theirs = other;
        while (mine instanceof Frame one && theirs instanceof Frame another && one.hash == another.hash) {
            if (one.equalsHere(another)) {
                return true;
            }
            if (one.state != another.state) {
                return false;
            }
            mine = one.below;
            theirs = another.below;
        }
        return mine == null && theirs == null;
    }

    @SuppressWarnings("ReferenceEquality") // what is shared need not be looked at
    private boolean equalsHere(Frame other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
