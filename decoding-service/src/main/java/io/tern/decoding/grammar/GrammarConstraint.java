package io.tern.decoding.grammar;

import io.tern.decoding.sampling.Constraint;

/** A text's place in its grammar. A fork costs nothing: states are shared and never change. Owned by one sequence. */
final class GrammarConstraint implements Constraint {
    private final GrammarMachine machine;
    private GrammarState state;

    GrammarConstraint(GrammarMachine machine, GrammarState state) {
        this.machine = machine;
        this.state = state;
    }

    @Override
    public void apply(float[] logits) {
        long[] allowed = machine.allowed(state);
        for (int token = 0; token < logits.length; token++) {
            if ((allowed[token / Long.SIZE] >>> token & 1) == 0) {
                logits[token] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    @Override
    public void accept(int token) {
        if (machine.isEnd(token)) {
            return; // and nothing follows
        }
        GrammarState next = machine.accept(state, token);
        if (next.isDead()) {
            throw new IllegalArgumentException("token " + token + " (expected: one that the grammar allows here)");
        }
        state = next;
    }

    @Override
    public Constraint fork() {
        return new GrammarConstraint(machine, state);
    }
}
