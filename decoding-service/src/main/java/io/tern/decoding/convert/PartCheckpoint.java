package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.safetensors.SafetensorsFile;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The first layers of a decoder, or others in their place; what stands before and behind the layers is the decoder's. */
final class PartCheckpoint implements DecoderCheckpoint {
    /** What names of a layer's tensors begin with; its number follows. */
    private static final String LAYER = "blk.";

    private final DecoderCheckpoint whole;
    private final int layers;
    private final @Nullable SafetensorsFile own;
    private final int[] headTokens;

    /**
     * @param own tensors that take the place of the decoder's own of the same names, and the tokens that the head tells of
     *     if not all; closed with this
     * @throws TernException INVALID_ARGUMENT for tokens that the decoder does not have
     */
    PartCheckpoint(DecoderCheckpoint whole, int layers, @Nullable SafetensorsFile own) {
        this.whole = whole;
        this.layers = layers;
        this.own = own;
        this.headTokens = own == null
                ? new int[0]
                : DraftHeads.vocabularyOrAll(own, whole.design().shape().vocabulary());
    }

    @Override
    public DecoderDesign design() {
        return whole.design().firstLayers(layers);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(whole.names());
        names.removeIf(name -> name.startsWith(LAYER) && layer(name) >= layers);
        return names;
    }

    @Override
    public Optional<WeightTensor> find(String name) {
        WeightTensor replaced = own == null ? null : own.tensors().get(name);
        return replaced == null ? whole.find(name) : Optional.of(replaced);
    }

    @Override
    public String label(String name) {
        return whole.label(name);
    }

    @Override
    public int[] headTokens() {
        return headTokens.clone();
    }

    @Override
    public boolean interleavedRotaryRows() {
        return whole.interleavedRotaryRows();
    }

    @Override
    public float normOffset() {
        return whole.normOffset();
    }

    @Override
    public void close() {
        whole.close();
        if (own != null) {
            own.close();
        }
    }

    private static int layer(String name) {
        return Integer.parseInt(name, LAYER.length(), name.indexOf('.', LAYER.length()), 10);
    }
}
