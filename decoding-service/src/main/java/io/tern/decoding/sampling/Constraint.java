package io.tern.decoding.sampling;

import java.util.List;

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

    /**
     * What all of them allow, asked in this order.
     *
     * @param field of the request, to be named where they leave nothing
     */
    static Constraint all(List<Constraint> parts, String field) {
        return parts.isEmpty() ? NONE : new AllOf(List.copyOf(parts), field);
    }

    /** Goes on behind a token that was allowed. */
    void accept(int token);

    /** A copy that goes its own way, so that several continuations can be tried. */
    Constraint fork();
}
