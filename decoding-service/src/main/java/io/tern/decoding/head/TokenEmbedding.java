package io.tern.decoding.head;

import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import java.io.IOException;
import java.nio.file.Path;

/** The target's own embedding of tokens, read from its mapped file. Safe for use by many threads. */
final class TokenEmbedding implements AutoCloseable {
    private final GgufFile file;
    private final GgufTensor table;

    TokenEmbedding(Path gguf) throws IOException {
        this.file = GgufFile.open(gguf);
        this.table = file.tensor("token_embd.weight");
    }

    int width() {
        return table.columns();
    }

    void copyRow(int token, float[] into) {
        table.dequantizeRow(token, into);
    }

    @Override
    public void close() {
        file.close();
    }
}
