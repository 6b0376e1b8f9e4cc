package io.tern.inference.service;

import io.tern.base.TernException;
import io.tern.inference.service.InputTensors.Input;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Objects;

/**
 * What a text encoder can be asked of by its tensors. Its graph would take a negative token for one counted from the
 * vocabulary's end, and would say of the others what only who knows its nodes understands.
 *
 * @param vocabularySize tokens are below it
 * @param positions tokens of a text that it can place
 */
record TokenBounds(int vocabularySize, int positions) {
    private static final String IDS = "input_ids";

    /** @throws TernException INVALID_ARGUMENT */
    void check(InputTensors inputs) {
        Input ids = Objects.requireNonNull(inputs.inputs().get(IDS), IDS);
        String field = "inputs[" + IDS + "]";
        long tokens = ids.shape().dimension(1);
        TernException.require(
                tokens <= positions, field + ".shape", ids.shape(), "at most " + positions + " tokens a text");
        LongBuffer values =
                ids.data().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        for (int i = 0; i < values.limit(); i++) {
            long token = values.get(i);
            TernException.require(
                    0 <= token && token < vocabularySize,
                    field + "[" + i + "]",
                    "token " + token,
                    "0.." + (vocabularySize - 1));
        }
    }
}
