package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelStore;
import io.tern.catalogue.SamplingAdvice;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.exported.ExportedDecoder;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.tokenizer.ModelText;
import io.tern.model.v1.Model;
import io.tern.serving.BroughtModel;
import io.tern.serving.LoadedModel;
import io.tern.serving.ServedModels;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * From a file to a model that reads and writes text.
 *
 * @param precision of models that ask for none
 * @param kvCache of models that are converted
 * @param budget shared by all models
 */
record TextModelOpener(
        ModelLoader loader, DrafterOpener drafters, PrecisionChoice precision, KvCacheType kvCache, KvBudget budget) {
    /** Name of this service in the catalogue. */
    static final String SERVICE = "decoding";

    LoadedModel<TextModel> open(ModelEntry entry, ModelStore store) {
        SequencedMap<String, Path> files = new LinkedHashMap<>();
        entry.files().forEach(file -> files.put(file.path(), store.verified(entry, file)));
        ModelSource source = ModelSource.gguf(files.firstEntry().getValue(), entry.sha256());
        TextModel model = open(entry.id(), source, precision, entry.sampling(), files, null);
        return loaded(ServedModels.describe(entry), model);
    }

    /** @throws TernException INVALID_ARGUMENT if it cannot be run */
    LoadedModel<TextModel> open(BroughtModel brought) {
        brought.requireItsOwnKind();
        Optional<ExportedDecoder> exported = exported(brought);
        String sha256;
        TextModel model;
        if (exported.isPresent()) {
            sha256 = exported.get().sha256();
            model = open(brought.name(), exported.get(), brought.draft());
        } else {
            PrecisionChoice wanted =
                    brought.precision().isEmpty() ? precision : PrecisionChoice.of(brought.precision());
            ModelSource source = source(brought.path());
            sha256 = source.sha256();
            Map<String, Path> heads = DrafterOpener.headsIn(brought.path());
            model = open(brought.name(), source, wanted, SamplingAdvice.NONE, heads, brought.draft());
        }
        List<String> capabilities = model.template() == null ? List.of("completion") : List.of("chat", "completion");
        return loaded(ServedModels.describe(brought, SERVICE, sha256).addAllCapabilities(capabilities), model);
    }

    private TextModel open(
            String id,
            ModelSource source,
            PrecisionChoice choice,
            SamplingAdvice sampling,
            Map<String, Path> files,
            @Nullable Path draft) {
        try {
            ModelText text = ModelText.read(source);
            Precision wanted = loader.precision(choice, source);
            LanguageModel model = switch (kvCache) {
                case FULL -> loader.load(id, source, wanted, budget);
                case INT8 -> loader.loadWithInt8Cache(id, source, wanted, text.tokenizer(), budget);
            };
            return opened(
                    model,
                    text,
                    sampling,
                    tokenizer -> drafters.open(
                            model, tokenizer, source, wanted, files, draftModel(draft, choice, tokenizer)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot load the model " + id, e);
        }
    }

    private Drafters.@Nullable Opening draftModel(@Nullable Path draft, PrecisionChoice choice, Tokenizer tokenizer) {
        return draft == null ? null : new DraftModelOpener(loader, choice, kvCache, budget).open(draft, tokenizer);
    }

    /** Its tokens are drafted from texts, or by another model: it gives no states, and its layers cannot be run in part. */
    private TextModel open(String id, ExportedDecoder exported, @Nullable Path draft) {
        try {
            ModelText text = ModelText.read(exported.source());
            LanguageModel model = loader.load(id, exported, budget);
            return opened(
                    model,
                    text,
                    SamplingAdvice.NONE,
                    tokenizer -> drafters.open(model, tokenizer, draftModel(draft, precision, tokenizer)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot load the model " + id, e);
        }
    }

    private interface DraftersOf {
        Drafters open(Tokenizer tokenizer) throws IOException;
    }

    /** Takes over the model. */
    private static TextModel opened(LanguageModel model, ModelText text, SamplingAdvice sampling, DraftersOf drafters)
            throws IOException {
        try {
            ModelText sized = text.sized(model.info().vocabularySize());
            return new TextModel(
                    model, sized.tokenizer(), sized.template(), sampling, drafters.open(sized.tokenizer()));
        } catch (IOException | RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static Optional<ExportedDecoder> exported(BroughtModel brought) {
        try {
            return ExportedDecoder.find(brought.path(), PrecisionChoice.named(brought.precision()));
        } catch (IOException | UncheckedIOException e) {
            throw TernException.invalid("path", brought.path(), "a folder that can be read");
        }
    }

    private static ModelSource source(Path path) {
        try {
            return ModelSource.of(path);
        } catch (IOException e) {
            throw TernException.invalid("path", path, "a GGUF file or a folder that can be read");
        }
    }

    static LoadedModel<TextModel> loaded(Model.Builder description, TextModel model) {
        ModelInfo info = model.model().info();
        description
                .setDevice(info.device())
                .setPrecision(info.precision())
                .setKvCache(info.kvCache())
                .setBitExact(info.bitExact())
                .setContextLength(info.contextLength())
                .setVocabularySize(info.vocabularySize())
                .addAllDrafters(model.drafters().names())
                .setTrees(info.trees())
                .setCallFormat(model.callFormat());
        return new LoadedModel<>(description.build(), model, () -> {
            model.drafters().close();
            model.model().close();
        });
    }
}
