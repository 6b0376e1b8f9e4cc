package io.tern.decoding.draft;

import io.tern.decoding.model.HiddenStates;

/**
 * Stops asking a drafter that guesses badly for a while: after three drafts in a row of which nothing was accepted it
 * pauses for eight steps, and for twice as long each time that this happens again, up to 128; an accepted token ends
 * the series. A rejected draft costs a longer forward, so text that cannot be guessed runs almost as fast as without.
 */
public final class CoolingDrafter implements Drafter {
    private static final int PATIENCE = 3;
    private static final int FIRST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 128;

    private final Drafter drafter;
    private int failures;
    private int pause = FIRST_PAUSE;
    private int pauseLeft;

    public CoolingDrafter(Drafter drafter) {
        this.drafter = drafter;
    }

    @Override
    public Draft draft(DraftContext context) {
        if (pauseLeft > 0) {
            pauseLeft--;
            return Draft.NONE;
        }
        return drafter.draft(context);
    }

    @Override
    public void observe(Verdict verdict) {
        drafter.observe(verdict);
        if (verdict.draft().size() == 0) {
            return;
        }
        if (verdict.accepted() > 0) {
            failures = 0;
            pause = FIRST_PAUSE;
        } else if (++failures >= PATIENCE) {
            failures = 0;
            pauseLeft = pause;
            pause = Math.min(LONGEST_PAUSE, 2 * pause);
        }
    }

    @Override
    public void settled(int first, HiddenStates states) {
        drafter.settled(first, states);
    }

    @Override
    public void close() {
        drafter.close();
    }
}
