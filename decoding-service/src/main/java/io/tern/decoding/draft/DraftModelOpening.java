package io.tern.decoding.draft;

import io.tern.decoding.model.LanguageModel;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens {@link DraftModelDrafter}s over a model that is loaded when the first one is asked for. Safe for many threads. */
public final class DraftModelOpening implements Drafters.Opening {
    private final Supplier<LanguageModel> loading;
    private final IntUnaryOperator tokenOfPlace;
    /** Guarded by this. */
    private @Nullable LanguageModel model;

    /**
     * @param loading makes the model, which this then owns
     * @param tokenOfPlace the token of each place of the model's logits
     */
    public DraftModelOpening(Supplier<LanguageModel> loading, IntUnaryOperator tokenOfPlace) {
        this.loading = loading;
        this.tokenOfPlace = tokenOfPlace;
    }

    @Override
    public Drafter open(Drafters.Text text) {
        return new DraftModelDrafter(model(), tokenOfPlace, text.capacityTokens(), text.cancellation());
    }

    @Override
    public synchronized void close() {
        LanguageModel loaded = model;
        model = null;
        if (loaded != null) {
            loaded.close();
        }
    }

    private synchronized LanguageModel model() {
        LanguageModel loaded = model;
        if (loaded == null) {
            loaded = loading.get();
            model = loaded;
        }
        return loaded;
    }
}
