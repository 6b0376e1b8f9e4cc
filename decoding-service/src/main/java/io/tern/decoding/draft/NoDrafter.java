package io.tern.decoding.draft;

/** Never guesses: plain decoding, one token a forward. */
public final class NoDrafter implements Drafter {
    @Override
    public Draft draft(DraftContext context) {
        return Draft.NONE;
    }
}
