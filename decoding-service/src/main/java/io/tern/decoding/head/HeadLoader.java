package io.tern.decoding.head;

import io.tern.base.TernException;
import io.tern.decoding.convert.ConversionCache;
import io.tern.decoding.convert.ConvertedModel;
import io.tern.decoding.convert.DraftHeads;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.TokenEmbedding;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;

/** Loads the draft heads of a target. */
public final class HeadLoader {
    private final OnnxRuntime runtime;
    private final InferenceExecutor executor;
    private final ConversionCache conversions;

    public HeadLoader(OnnxRuntime runtime, InferenceExecutor executor, ConversionCache conversions) {
        this.runtime = runtime;
        this.executor = executor;
        this.conversions = conversions;
    }

    /**
     * The model that the heads belong to.
     *
     * @param positions most of a text
     */
    public record Target(ModelSource source, int vocabularySize, int positions, Precision precision) {}

    /**
     * One layer for all steps.
     *
     * @throws TernException INVALID_ARGUMENT for a file that does not fit the target
     */
    public FeatureDrafting eagle(Path file, Target target) throws IOException {
        TokenEmbedding embedding = TokenEmbedding.of(target.source());
        try {
            FeatureLayer layer = layer("", file, target, embedding);
            return new FeatureDrafting(embedding, layer, layer);
        } catch (IOException | RuntimeException e) {
            embedding.close();
            throw e;
        }
    }

    /**
     * One layer for the first step and another for those behind it.
     *
     * @throws TernException INVALID_ARGUMENT for a file that does not fit the target
     */
    public FeatureDrafting mtp(Path file, Target target) throws IOException {
        TokenEmbedding embedding = TokenEmbedding.of(target.source());
        try {
            FeatureLayer first = layer("0.", file, target, embedding);
            try {
                return new FeatureDrafting(embedding, first, layer("1.", file, target, embedding));
            } catch (IOException | RuntimeException e) {
                first.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            embedding.close();
            throw e;
        }
    }

    /** @throws TernException INVALID_ARGUMENT for a file that does not fit the target */
    public MedusaDrafting medusa(Path file, Target target) throws IOException {
        int[] vocabulary = DraftHeads.vocabulary(file, target.vocabularySize());
        MedusaTree tree = new MedusaTree(DraftHeads.tree(file));
        Session session = load(new DraftHeads.Head.Medusa(), file, target);
        return new MedusaDrafting(new MedusaHeads(runtime, session, executor, vocabulary), tree);
    }

    private FeatureLayer layer(String prefix, Path file, Target target, TokenEmbedding embedding) throws IOException {
        int[] vocabulary = DraftHeads.vocabulary(file, target.vocabularySize());
        Session session = load(new DraftHeads.Head.Layer(prefix, target.positions()), file, target);
        return new FeatureLayer(runtime, session, executor, embedding, vocabulary);
    }

    private Session load(DraftHeads.Head head, Path file, Target target) throws IOException {
        ConvertedModel model = DraftHeads.convert(conversions, head, file, target.source(), target.precision());
        return runtime.load(model.model(), SessionConfig.cpu());
    }
}
