package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of a checkpoint, each with the shape that the network needs; remembers which of them it uses. */
final class DecoderTensors {
    static final String EMBEDDING = "token_embd.weight";
    static final String HEAD = "output.weight";

    private final DecoderCheckpoint checkpoint;
    private final Set<String> used = new TreeSet<>();

    DecoderTensors(DecoderCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    boolean has(String name) {
        return checkpoint.find(name).isPresent();
    }

    /** @throws TernException INVALID_ARGUMENT if it is absent or of another shape */
    private WeightTensor take(String name, int rows, int columns) {
        WeightTensor tensor = checkpoint.tensor(name);
        if (tensor.rows() != rows || tensor.columns() != columns) {
            throw TernException.invalid(checkpoint.label(name), tensor.shape(), "[" + rows + ", " + columns + "]");
        }
        used.add(name);
        return tensor;
    }

    Matrix matrix(String name, int rows, int columns) {
        return Matrix.of(take(name, rows, columns));
    }

    /** What makes logits of the last state: a matrix of its own or the embedding, some of its rows or all. */
    Matrix head(Matrix embedding, DecoderShape shape) {
        boolean own = has(HEAD);
        int[] tokens = checkpoint.headTokens();
        if (tokens.length > 0) {
            return Matrix.picked(take(own ? HEAD : EMBEDDING, shape.vocabulary(), shape.width()), tokens);
        }
        return own ? matrix(HEAD, shape.vocabulary(), shape.width()) : embedding;
    }

    /**
     * With its bias, where the checkpoint has one.
     *
     * @param name without {@code .weight} and {@code .bias}
     */
    Projection projection(String name, int rows, int columns) {
        Matrix matrix = matrix(name + ".weight", rows, columns);
        String bias = name + ".bias";
        return new Projection(matrix, has(bias) ? vector(bias, rows) : null);
    }

    /**
     * Queries or keys, in the order in which the attention's kernel turns them.
     *
     * @param turned elements of each head, as {@link Rotary#size}
     */
    Projection turnedProjection(String name, int rows, int columns, int headSize, int turned) {
        Projection projection = projection(name, rows, columns);
        HeadOrder order = new HeadOrder(headSize, turned, checkpoint.interleavedRotaryRows());
        return order.isKernels() ? projection : projection.reordered(order);
    }

    private float[] vector(String name, int size) {
        float[] values = new float[size];
        take(name, 1, size).dequantizeRow(0, values);
        return values;
    }

    /** What a norm multiplies with. */
    float[] norm(String name, int size) {
        float[] values = vector(name, size);
        for (int i = 0; i < size; i++) {
            values[i] += checkpoint.normOffset();
        }
        return values;
    }

    /** A tensor that nothing reads is a part of the network that is missing here. */
    void requireAllUsed() {
        Set<String> unused = new TreeSet<>(checkpoint.names());
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            throw TernException.invalid(
                    "tensors", unused.stream().map(checkpoint::label).toList(), "only those of a plain decoder");
        }
    }
}
