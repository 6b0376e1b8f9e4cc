package io.tern.decoding.grammar;

import io.tern.decoding.sampling.Constraint;

/** A grammar over the tokens of one model; what is found out about it serves all texts. Safe for use by many threads. */
public final class TokenGrammar {
    private final GrammarMachine machine;
    private final GrammarState start;

    TokenGrammar(GrammarMachine machine) {
        this.machine = machine;
        this.start = machine.start();
        machine.allowed(start); // so that what is too ambiguous fails before a text is begun
    }

    /** At the beginning of a text. */
    public Constraint open() {
        return new GrammarConstraint(machine, start);
    }
}
