package io.tern.decoding.service;

import io.tern.decoding.convert.DraftHeads;
import io.tern.decoding.convert.ModelPart;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.draft.DraftModelOpening;
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
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Gives a model its drafters: those that look tokens up, its own first layers, and those that files beside its weights
 * hold, by the files' names.
 *
 * @param budget for the caches of models that draft
 * @param corpus folder of texts to draft from, which need not be there
 */
record DrafterOpener(ModelLoader models, HeadLoader heads, KvBudget budget, Path corpus) {
    /** Where a model is left early, as a share of its layers: earlier it agrees too seldom, later it costs too much. */
    private static final double EXIT = 0.8;

    private static final int DRAFT_MODEL_LAYERS = 2;

    /** @param files by name, the weights included or not */
    Drafters open(
            LanguageModel model, Tokenizer tokenizer, ModelSource source, Precision precision, Map<String, Path> files)
            throws IOException {
        ModelInfo info = model.info();
        HeadLoader.Target target = new HeadLoader.Target(
                source.path(), source.sha256(), info.vocabularySize(), info.contextLength(), precision.ofHeads());
        Drafters drafters = Drafters.lookups(Corpus.read(corpus, tokenizer))
                .with(
                        DrafterKind.EARLY_EXIT,
                        part(source, precision, new ModelPart.EarlyExit(EXIT), IntUnaryOperator.identity()));
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Path path = file.getValue();
            drafters = switch (file.getKey()) {
                case "medusa.safetensors" -> drafters.with(DrafterKind.MEDUSA, heads.medusa(path, target));
                case "eagle.safetensors" -> drafters.with(DrafterKind.EAGLE, heads.eagle(path, target));
                case "mtp.safetensors" -> drafters.with(DrafterKind.MTP, heads.mtp(path, target));
                case "draft.safetensors" ->
                    drafters.with(
                            DrafterKind.DRAFT_MODEL,
                            part(
                                    source,
                                    precision.ofDrafters(),
                                    new ModelPart.OwnLayers(DRAFT_MODEL_LAYERS, path),
                                    tokens(path, info.vocabularySize())));
                default -> drafters;
            };
        }
        return drafters.withAuto(model);
    }

    /** Those of a model that can be asked for nothing but logits. */
    Drafters lookups(LanguageModel model, Tokenizer tokenizer) throws IOException {
        return Drafters.lookups(Corpus.read(corpus, tokenizer)).withAuto(model);
    }

    /** The token of each place of a draft model's logits. */
    private static IntUnaryOperator tokens(Path file, int vocabularySize) throws IOException {
        int[] ids = DraftHeads.vocabularyOrAll(file, vocabularySize);
        return ids.length == 0 ? IntUnaryOperator.identity() : place -> ids[place];
    }

    private Drafters.Opening part(ModelSource source, Precision precision, ModelPart part, IntUnaryOperator tokens) {
        return new DraftModelOpening(
                () -> {
                    try {
                        return models.loadPart("draft", source, precision, budget, part);
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot load a draft model of " + source.path(), e);
                    }
                },
                tokens);
    }
}
