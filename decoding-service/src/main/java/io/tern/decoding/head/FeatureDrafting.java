package io.tern.decoding.head;

import io.tern.decoding.convert.TokenEmbedding;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.Drafters;

/** The layers of {@link FeatureDrafter}s, shared by all sequences. Close it when no drafter is open. */
public final class FeatureDrafting implements Drafters.Opening, AutoCloseable {
    private final TokenEmbedding embedding;
    private final FeatureLayer first;
    private final FeatureLayer further;

    FeatureDrafting(TokenEmbedding embedding, FeatureLayer first, FeatureLayer further) {
        this.embedding = embedding;
        this.first = first;
        this.further = further;
    }

    @Override
    public Drafter open(Drafters.Text text) {
        return new FeatureDrafter(first, further, text.cancellation());
    }

    FeatureLayer first() {
        return first;
    }

    FeatureLayer further() {
        return further;
    }

    @Override
    public void close() {
        first.close();
        if (further != first) {
            further.close();
        }
        embedding.close();
    }
}
