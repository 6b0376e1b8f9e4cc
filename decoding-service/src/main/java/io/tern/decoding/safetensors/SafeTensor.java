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
    public void dequantizeRow(long row, float[] into) {
        int columns = columns();
        for (int i = 0; i < columns; i++) {
            into[i] = type.value(data, row * columns + i);
        }
    }
}
