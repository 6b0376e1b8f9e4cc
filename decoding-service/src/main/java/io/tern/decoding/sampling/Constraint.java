package io.tern.decoding.sampling;

/** Which tokens may come next, given those before: all others get a logit of minus infinity. Owned by one sequence. */
public interface Constraint extends LogitsFilter {
    /** Everything may come. */
    Constraint NONE = new Constraint() {
        @Override
        public void apply(float[] logits) {}

        @Override
        public void accept(int token) {}

        @Override
        public Constraint fork() {
            return this;
        }
    };

    /** Goes on behind a token that was allowed. */
    void accept(int token);

    /** A copy that goes its own way, so that several continuations can be tried. */
    Constraint fork();
}
