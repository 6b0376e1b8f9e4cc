package io.tern.generation.control;

import io.tern.tensor.FloatTensor;

/** The part of the data that is known: an orthogonal projection, which leaves the rest alone. */
public interface KnownPart {
    /** Gives x the known part of {@code known}. */
    void replace(FloatTensor x, FloatTensor known);
}
