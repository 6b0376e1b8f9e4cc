package io.tern.generation.control;

import io.tern.base.TernException;
import io.tern.tensor.FloatTensor;

/** Inpainting: some elements are known. Song et al. 2021, appendix I.2. */
public final class KnownElements implements KnownPart {
    private final boolean[] isKnown;

    /** @param isKnown of each element of a sample */
    public KnownElements(boolean[] isKnown) {
        this.isKnown = isKnown.clone();
    }

    @Override
    public void replace(FloatTensor x, FloatTensor known) {
        TernException.require(x.size() == isKnown.length, "mask", isKnown.length + " elements", x.size() + " elements");
        for (int i = 0; i < isKnown.length; i++) {
            if (isKnown[i]) {
                x.set(i, known.get(i));
            }
        }
    }
}
