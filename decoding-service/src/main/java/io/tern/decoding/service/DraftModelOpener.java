package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.draft.DraftModelOpening;
import io.tern.decoding.draft.DraftVocabulary;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.tokenizer.CommonVocabulary;
import io.tern.decoding.tokenizer.ModelText;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * From a file or folder to a model that drafts for another one.
 *
 * @param choice of its precision, which is found for it as for the model that it drafts for
 */
record DraftModelOpener(ModelLoader loader, PrecisionChoice choice, KvCacheType kvCache, KvBudget budget) {
    /**
     * Its weights are loaded when it is first asked for.
     *
     * @param target reads and writes the text of the model that it drafts for, with as many ids as that has
     * @throws TernException INVALID_ARGUMENT if it cannot be run, or has other tokens
     */
    Drafters.Opening open(Path path, Tokenizer target) {
        try {
            ModelSource source = ModelSource.of(path);
            Tokenizer tokenizer = ModelText.read(source).tokenizer();
            int tokens = CommonVocabulary.size(
                    target,
                    new ModelText(tokenizer, null)
                            .sized(source.vocabularySize())
                            .tokenizer());
            Precision precision = loader.precision(choice, source);
            return new DraftModelOpening(() -> load(source, precision, tokenizer), DraftVocabulary.common(tokens));
        } catch (IOException e) {
            throw TernException.invalid("draft", path, "a GGUF file or a folder that can be read");
        } catch (TernException e) {
            throw refused(e);
        }
    }

    private LanguageModel load(ModelSource source, Precision precision, Tokenizer tokenizer) {
        try {
            return switch (kvCache) {
                case FULL -> loader.loadDraft("draft", source, precision, budget);
                case INT8 -> loader.loadDraftWithInt8Cache("draft", source, precision, tokenizer, budget);
            };
        } catch (IOException e) {
            throw new UncheckedIOException("cannot load the draft model " + source.path(), e);
        } catch (TernException e) {
            throw refused(e);
        }
    }

    private static TernException refused(TernException why) {
        return DrafterOpener.refused("draft model", why);
    }
}
