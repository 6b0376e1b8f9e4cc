package io.tern.decoding.sampling;

import io.tern.base.TernException;
import java.util.List;

/** What all of several constraints allow. */
record AllOf(List<Constraint> parts, String field) implements Constraint {
    /** @throws TernException INVALID_ARGUMENT where nothing is left */
    @Override
    public void apply(float[] logits) {
        parts.forEach(part -> part.apply(logits));
        for (float logit : logits) {
            if (logit != Float.NEGATIVE_INFINITY) {
                return;
            }
        }
        throw TernException.invalid(
                field, "no token that may come next", "at each place one that the text's form allows");
    }

    @Override
    public void accept(int token) {
        parts.forEach(part -> part.accept(token));
    }

    @Override
    public Constraint fork() {
        return new AllOf(parts.stream().map(Constraint::fork).toList(), field);
    }
}
