package io.tern.decoding.convert;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.decoding.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;

/** A smaller model out of a large one, with the same embedding and tokens: what drafts for it. */
public sealed interface ModelPart {
    /**
     * The first layers as they are, the last norm and the head behind them. Elhoushi et al. 2024 (LayerSkip).
     *
     * @param share of the layers
     */
    record EarlyExit(double share) implements ModelPart {}

    /**
     * Layers of its own.
     *
     * @param file safetensors by the names that GGUF has for the model's own: {@code blk.N.*} and {@code
     *     output_norm.weight}
     */
    record OwnLayers(int layers, Path file) implements ModelPart {}

    /** What the result depends on, beside the large model. */
    default String identity() throws IOException {
        return switch (this) {
            case EarlyExit(double share) -> "early exit " + share;
            case OwnLayers(int layers, Path file) -> "own " + layers + " " + Sha256.of(file);
        };
    }

    /**
     * Takes over the whole, unless it fails.
     *
     * @throws TernException INVALID_ARGUMENT for tensors that are not there
     */
    private DecoderCheckpoint open(DecoderCheckpoint whole) throws IOException {
        return switch (this) {
            case EarlyExit(double share) -> {
                int layers = (int) (whole.design().shape().layers() * share);
                yield new PartCheckpoint(whole, Math.max(1, layers), null);
            }
            case OwnLayers(int layers, Path file) -> new PartCheckpoint(whole, layers, SafetensorsFile.open(file));
        };
    }

    /** Takes over the whole. */
    default DecoderCheckpoint of(DecoderCheckpoint whole) throws IOException {
        try {
            return open(whole);
        } catch (IOException | RuntimeException e) {
            whole.close();
            throw e;
        }
    }
}
