package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A decoder in a GGUF file. */
final class GgufCheckpoint implements DecoderCheckpoint {
    private final GgufFile file;
    private final DecoderFamily family;
    private final DecoderDesign design;
    private final Map<String, WeightTensor> tensors;

    private GgufCheckpoint(GgufFile file) {
        String architecture = file.metadata().text("general.architecture");
        this.file = file;
        this.family = DecoderFamily.ofArchitecture(architecture);
        GgufSettings settings = new GgufSettings(file, architecture);
        this.design = family.design(settings);
        settings.requireAllRead();
        Map<String, WeightTensor> own = new HashMap<>(file.tensors());
        own.keySet().removeAll(GgufSettings.ROTARY_TENSORS);
        this.tensors = FusedTensors.split(own, design.shape());
    }

    /** @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built */
    static GgufCheckpoint open(Path path) throws IOException {
        GgufFile file = GgufFile.open(path);
        try {
            return new GgufCheckpoint(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public DecoderDesign design() {
        return design;
    }

    /** Without the divisors of the rotary frequencies, which are in the design. */
    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Optional<WeightTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public String label(String name) {
        return "GGUF tensor " + name;
    }

    @Override
    public boolean interleavedRotaryRows() {
        return family.interleavedInGguf();
    }

    @Override
    public float normOffset() {
        return 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
