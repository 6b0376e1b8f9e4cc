package io.tern.decoding.draft;

import io.tern.decoding.model.LanguageModel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens {@link DraftModelDrafter}s over a model that is loaded when the first one is asked for. Safe for many threads. */
public final class DraftModelOpening implements Drafters.Opening {
    private final Supplier<LanguageModel> loading;
    private final DraftVocabulary vocabulary;
    /** Guarded by this. */
    private @Nullable LanguageModel model;

    /**
     * @param loading makes the model, which this then owns
     * @param vocabulary what the model has in common with the target
     */
    public DraftModelOpening(Supplier<LanguageModel> loading, DraftVocabulary vocabulary) {
        this.loading = loading;
        this.vocabulary = vocabulary;
    }

    @Override
    public Drafter open(Drafters.Text text) {
        return new DraftModelDrafter(model(), vocabulary, text.capacityTokens(), text.cancellation());
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
