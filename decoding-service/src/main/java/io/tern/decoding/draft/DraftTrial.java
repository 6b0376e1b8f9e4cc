package io.tern.decoding.draft;

import io.tern.base.Cancellation;
import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.StepCosts;
import java.util.Arrays;

/** Measures what a drafter costs: the least of some drafts behind a text of which nothing drafted stands. */
final class DraftTrial implements AutoCloseable {
    private static final int PROMPT = 64;
    private static final int TEXTS = 2;
    private static final int ROUNDS = 12;
    private static final int LENGTH = 3;

    private final Drafter drafter;
    private final ModelInfo model;
    private final TokenSequence tokens;

    private DraftTrial(Drafters drafters, DrafterKind kind, ModelInfo model, int prompt) {
        int[] text = new int[prompt];
        Arrays.setAll(text, place -> place % model.vocabularySize());
        this.model = model;
        this.tokens = new TokenSequence(text);
        this.drafter = drafters.open(kind, new Drafters.Text(prompt + ROUNDS + LENGTH + 1, null, Cancellation.none()));
        drafter.settled(0, new Blank(prompt, model.hiddenWidth()));
    }

    /** @param nanosOfForward of the target for one token, by {@link StepCosts#clock} */
    static NetworkCost of(Drafters drafters, DrafterKind kind, ModelInfo model, double nanosOfForward) {
        int prompt = Math.min(PROMPT, model.contextLength() - ROUNDS - LENGTH - 1);
        if (prompt < 1) {
            return NetworkCost.NONE;
        }
        NetworkCost cost = new NetworkCost(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        for (int text = 0; text < TEXTS; text++) {
            try (DraftTrial trial = new DraftTrial(drafters, kind, model, prompt)) {
                int unread = trial.unread();
                double first = trial.nanos();
                for (int round = 0; round < ROUNDS; round++) {
                    cost.observe(trial.nanos() / nanosOfForward, LENGTH, 0);
                }
                cost.observe(first / nanosOfForward, LENGTH, unread);
            }
        }
        return cost;
    }

    private int unread() {
        tokens.add(0);
        return drafter.unread(tokens, LENGTH);
    }

    /** Of a draft behind one token more than the last one was drafted behind. */
    private double nanos() {
        long begin = StepCosts.clock();
        Draft draft = drafter.draft(DraftContext.chain(tokens, LENGTH));
        long nanos = StepCosts.clock() - begin;
        drafter.settled(tokens.length() - 1, new Blank(1, model.hiddenWidth()));
        tokens.add(0);
        return draft.size() == LENGTH ? nanos : Double.POSITIVE_INFINITY;
    }

    @Override
    public void close() {
        drafter.close();
    }

    /** Zeros: time does not depend on what is read. */
    private record Blank(int rows, int width) implements HiddenStates {
        @Override
        public void copyRow(int row, float[] into) {
            Arrays.fill(into, 0);
        }
    }
}
