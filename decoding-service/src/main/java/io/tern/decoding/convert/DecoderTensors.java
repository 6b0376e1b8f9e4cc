package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of a file, each with the shape that the network needs; remembers which of them it uses. */
final class DecoderTensors {
    private final GgufFile file;
    private final Set<String> used = new TreeSet<>();

    DecoderTensors(GgufFile file) {
        this.file = file;
    }

    boolean has(String name) {
        return file.findTensor(name).isPresent();
    }

    /** @throws TernException INVALID_ARGUMENT if it is absent or of another shape */
    GgufTensor take(String name, int rows, int columns) {
        GgufTensor tensor = file.tensor(name);
        if (tensor.rows() != rows || tensor.columns() != columns) {
            throw TernException.invalid("GGUF tensor " + name, tensor.shape(), "[" + rows + ", " + columns + "]");
        }
        used.add(name);
        return tensor;
    }

    Matrix matrix(String name, int rows, int columns) {
        return Matrix.of(take(name, rows, columns));
    }

    float[] vector(String name, int size) {
        float[] values = new float[size];
        take(name, 1, size).dequantizeRow(0, values);
        return values;
    }

    /** A tensor that nothing reads is a part of the network that is missing here. */
    void requireAllUsed() {
        Set<String> unused = new TreeSet<>(file.tensors().keySet());
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            throw TernException.invalid("GGUF tensors", unused, "only those of a plain decoder");
        }
    }
}
