package io.tern.decoding.head;

import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.Drafters;

/** The heads of {@link MedusaDrafter}s, shared by all sequences. Close it when no drafter is open. */
public final class MedusaDrafting implements Drafters.Opening, AutoCloseable {
    private final MedusaHeads heads;
    private final MedusaTree tree;

    MedusaDrafting(MedusaHeads heads, MedusaTree tree) {
        this.heads = heads;
        this.tree = tree;
    }

    MedusaHeads heads() {
        return heads;
    }

    @Override
    public Drafter open(Drafters.Text text) {
        return new MedusaDrafter(heads, tree, text.cancellation());
    }

    @Override
    public void close() {
        heads.close();
    }
}
