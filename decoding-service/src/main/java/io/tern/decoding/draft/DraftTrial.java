package io.tern.decoding.draft;

import io.tern.base.Cancellation;
import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.StepCosts;
import java.util.Arrays;

/** Measures what a drafter costs for a token: the least of some drafts behind a text of which nothing drafted stands. */
final class DraftTrial {
    private static final int PROMPT = 64;
    private static final int ROUNDS = 8;
    private static final int LENGTH = 3;

    private DraftTrial() {}

    static double nanosOfToken(Drafters drafters, DrafterKind kind, ModelInfo model) {
        int prompt = Math.min(PROMPT, model.contextLength() - ROUNDS - LENGTH - 1);
        if (prompt < 1) {
            return 0;
        }
        int[] text = new int[prompt];
        Arrays.setAll(text, place -> place % model.vocabularySize());
        int capacity = prompt + ROUNDS + LENGTH + 1;
        TokenSequence tokens = new TokenSequence(text);
        try (Drafter drafter = drafters.open(kind, new Drafters.Text(capacity, null, Cancellation.none()))) {
            drafter.settled(0, new Blank(prompt, model.hiddenWidth()));
            double least = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                tokens.add(round % model.vocabularySize());
                long begin = StepCosts.clock();
                Draft draft = drafter.draft(DraftContext.chain(tokens, LENGTH));
                long nanos = StepCosts.clock() - begin;
                least = draft.size() == 0 ? least : Math.min(least, (double) nanos / draft.size());
                drafter.settled(tokens.length() - 1, new Blank(1, model.hiddenWidth()));
            }
            return least;
        }
    }

    /** Zeros: time does not depend on what is read. */
    private record Blank(int rows, int width) implements HiddenStates {
        @Override
        public void copyRow(int row, float[] into) {
            Arrays.fill(into, 0);
        }
    }
}
