package io.tern.decoding.gguf;

import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of the file: rows of blocks.
 *
 * @param shape outermost dimension first; a projection is [out, in]
 * @param data its blocks, row after row; a view of the file
 */
public record GgufTensor(String name, Shape shape, BlockType type, MemorySegment data) implements WeightTensor {
    public int blocksPerRow() {
        return columns() / type.elements();
    }

    /** The stored bytes of a row. */
    public MemorySegment rowBytes(long row) {
        long size = (long) blocksPerRow() * type.sizeBytes();
        return data.asSlice(row * size, size);
    }

    @Override
    public GgufTensor rows(long begin, long end) {
        long size = (long) blocksPerRow() * type.sizeBytes();
        return new GgufTensor(
                name, Shape.of(end - begin, columns()), type, data.asSlice(begin * size, (end - begin) * size));
    }

    @Override
    public void dequantizeRow(long row, float[] into) {
        type.dequantize(rowBytes(row), blocksPerRow(), into);
    }
}
