package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.decoding.convert.DraftHeads;
import io.tern.decoding.convert.ModelPart;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.draft.DraftModelOpening;
import io.tern.decoding.draft.DraftVocabulary;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.head.HeadLoader;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.ModelLoader;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a model its drafters: those that look tokens up, its own first layers, those that files beside its weights hold, by
 * the files' names, and another model.
 *
 * @param budget for the caches of models that draft
 * @param corpus folder of texts to draft from, which need not be there
 */
record DrafterOpener(ModelLoader models, HeadLoader heads, KvBudget budget, Path corpus) {
    /** Where a model is left early, as a share of its layers: earlier it agrees too seldom, later it costs too much. */
    private static final double EXIT = 0.8;

    private static final int DRAFT_MODEL_LAYERS = 2;

    private static final String MEDUSA = "medusa.safetensors";
    private static final String EAGLE = "eagle.safetensors";
    private static final String MTP = "mtp.safetensors";

    /** Heads that lie in the folder of a model that somebody brings, by name. */
    static Map<String, Path> headsIn(Path folder) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String name : List.of(MEDUSA, EAGLE, MTP)) {
            if (Files.isRegularFile(folder.resolve(name))) {
                files.put(name, folder.resolve(name));
            }
        }
        return files;
    }

    /**
     * @param files by name, the weights included or not
     * @param draftModel another model that drafts; null: none, or that of the files
     */
    Drafters open(
            LanguageModel model,
            Tokenizer tokenizer,
            ModelSource source,
            Precision precision,
            Map<String, Path> files,
            Drafters.@Nullable Opening draftModel)
            throws IOException {
        ModelInfo info = model.info();
        HeadLoader.Target target =
                new HeadLoader.Target(source, info.vocabularySize(), info.contextLength(), precision.ofHeads());
        Drafters drafters = lookups(tokenizer, draftModel)
                .with(
                        DrafterKind.EARLY_EXIT,
                        part(source, precision, new ModelPart.EarlyExit(EXIT), DraftVocabulary.WHOLE));
        try {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                Path path = file.getValue();
                drafters = switch (file.getKey()) {
                    case MEDUSA -> drafters.with(DrafterKind.MEDUSA, head(MEDUSA, () -> heads.medusa(path, target)));
                    case EAGLE -> drafters.with(DrafterKind.EAGLE, head(EAGLE, () -> heads.eagle(path, target)));
                    case MTP -> drafters.with(DrafterKind.MTP, head(MTP, () -> heads.mtp(path, target)));
                    case "draft.safetensors" ->
                        drafters.with(
                                DrafterKind.DRAFT_MODEL,
                                part(
                                        source,
                                        precision.ofDrafters(),
                                        new ModelPart.OwnLayers(DRAFT_MODEL_LAYERS, path),
                                        vocabulary(path, info.vocabularySize())));
                    default -> drafters;
                };
            }
            return drafters.withAuto(model);
        } catch (IOException | RuntimeException | Error e) {
            drafters.close();
            throw e;
        }
    }

    /** Those of a model that can be asked for nothing but logits. */
    Drafters open(LanguageModel model, Tokenizer tokenizer, Drafters.@Nullable Opening draftModel) throws IOException {
        Drafters drafters = lookups(tokenizer, draftModel);
        try {
            return drafters.withAuto(model);
        } catch (RuntimeException | Error e) {
            drafters.close();
            throw e;
        }
    }

    private Drafters lookups(Tokenizer tokenizer, Drafters.@Nullable Opening draftModel) throws IOException {
        Drafters lookups = Drafters.lookups(Corpus.read(corpus, tokenizer));
        return draftModel == null ? lookups : lookups.with(DrafterKind.DRAFT_MODEL, draftModel);
    }

    private interface Head {
        Drafters.Opening load() throws IOException;
    }

    private static Drafters.Opening head(String file, Head head) throws IOException {
        try {
            return head.load();
        } catch (TernException e) {
            throw refused(file, e);
        }
    }

    /** The same, with what it is about. */
    static TernException refused(String what, TernException why) {
        return new TernException(why.code(), what + ": " + why.getMessage(), what, why);
    }

    private static DraftVocabulary vocabulary(Path file, int vocabularySize) throws IOException {
        int[] ids = DraftHeads.vocabularyOrAll(file, vocabularySize);
        return ids.length == 0 ? DraftVocabulary.WHOLE : DraftVocabulary.some(ids);
    }

    private Drafters.Opening part(ModelSource source, Precision precision, ModelPart part, DraftVocabulary vocabulary) {
        return new DraftModelOpening(
                () -> {
                    try {
                        return models.loadPart("draft", source, precision, budget, part);
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot load a draft model of " + source.path(), e);
                    }
                },
                vocabulary);
    }
}
