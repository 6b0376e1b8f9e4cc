package io.tern.decoding.convert;

import io.tern.decoding.checkpoint.WeightTensor;
import java.io.IOException;

/** A model's own embedding of tokens, read from its mapped file. Safe for use by many threads. */
public final class TokenEmbedding implements AutoCloseable {
    private final DecoderCheckpoint checkpoint;
    private final WeightTensor table;

    private TokenEmbedding(DecoderCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.table = checkpoint.tensor(DecoderTensors.EMBEDDING);
    }

    public static TokenEmbedding of(ModelSource source) throws IOException {
        DecoderCheckpoint checkpoint = source.open();
        try {
            return new TokenEmbedding(checkpoint);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    public int width() {
        return table.columns();
    }

    public void copyRow(int token, float[] into) {
        table.dequantizeRow(token, into);
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
