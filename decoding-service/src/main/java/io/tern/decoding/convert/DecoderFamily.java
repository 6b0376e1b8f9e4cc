package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import java.util.List;
import java.util.stream.Collectors;

/** What one architecture does differently; the graph is the same for all. */
interface DecoderFamily {
    List<DecoderFamily> ALL = List.of(new LlamaFamily());

    /** As in {@code general.architecture}. */
    String architecture();

    /** @throws TernException INVALID_ARGUMENT for a key that would change the network in a way that is not built */
    DecoderShape shape(GgufFile file);

    /** Whether rows of Q and K are stored in the order of interleaved rotary embedding. */
    boolean interleavedRotaryRows();

    /** @throws TernException INVALID_ARGUMENT with the names of those that are built */
    static DecoderFamily of(GgufFile file) {
        String architecture = file.metadata().text("general.architecture");
        return ALL.stream()
                .filter(family -> family.architecture().equals(architecture))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        "GGUF general.architecture",
                        architecture,
                        ALL.stream().map(DecoderFamily::architecture).collect(Collectors.joining(", "))));
    }
}
