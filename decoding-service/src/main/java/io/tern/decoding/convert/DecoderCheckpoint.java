package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import java.util.Optional;
import java.util.Set;

/**
 * A trained decoder on disk: what it is, and its tensors, by the names that GGUF files have for them whatever the format.
 */
interface DecoderCheckpoint extends AutoCloseable {
    DecoderDesign design();

    /** Of all tensors; those that a decoder does not have keep the name that they have in the file. */
    Set<String> names();

    Optional<WeightTensor> find(String name);

    /** What the file calls a tensor, with its format. */
    String label(String name);

    /** Whether rows of Q and K are in the order of interleaved rotary embedding. */
    boolean interleavedRotaryRows();

    /** What is to be added to the weights of norms. */
    float normOffset();

    /** Ids of the tokens that the head tells of, ascending; empty if of all. */
    default int[] headTokens() {
        return new int[0];
    }

    /** @throws TernException INVALID_ARGUMENT if there is no such tensor */
    default WeightTensor tensor(String name) {
        return find(name).orElseThrow(() -> TernException.invalid(label(name), "absent", "present"));
    }

    @Override
    void close();
}
