package io.tern.decoding.safetensors;

import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of the file.
 *
 * @param data its numbers, row after row; a view of the file
 */
public record SafeTensor(String name, Shape shape, NumberType type, MemorySegment data) implements WeightTensor {
    @Override
    public SafeTensor rows(long begin, long end) {
        long size = (long) columns() * type.sizeBytes();
        MemorySegment part = data.asSlice(begin * size, (end - begin) * size);
        return new SafeTensor(name, Shape.of(end - begin, columns()), type, part);
    }

    @Override
    public void dequantizeRow(long row, float[] into) {
        int columns = columns();
        for (int i = 0; i < columns; i++) {
            into[i] = type.value(data, row * columns + i);
        }
    }
}
