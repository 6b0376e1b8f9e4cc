package io.tern.decoding.convert;

import io.tern.decoding.gguf.GgufTensor;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A matrix [rows, columns] put together from rows of tensors: [out, in] of a projection. Copies nothing. */
final class Matrix {
    private final List<Part> parts;
    private final int rows;

    private Matrix(List<Part> parts) {
        this.parts = parts;
        this.rows = parts.stream().mapToInt(Part::rows).reduce(0, Math::addExact);
        for (Part part : parts) {
            if (part.tensor.columns() != columns()) {
                throw new IllegalArgumentException(
                        "columns: " + part.tensor.columns() + " (expected: " + columns() + " as of the first part)");
            }
        }
    }

    static Matrix of(GgufTensor tensor) {
        return new Matrix(List.of(new Part(tensor, row -> row)));
    }

    /** One below the other. */
    static Matrix stacked(Matrix... matrices) {
        return new Matrix(List.of(matrices).stream()
                .flatMap(matrix -> matrix.parts.stream())
                .toList());
    }

    /**
     * Rows 2i and 2i + 1 of each head, which interleaved rotary embedding turns together, moved to i and headSize / 2 +
     * i, as the half-split form wants them: row h·headSize + j·headSize/2 + i comes from h·headSize + 2i + j.
     */
    static Matrix halved(GgufTensor tensor, int headSize) {
        int half = headSize / 2;
        return new Matrix(List.of(new Part(tensor, row -> {
            int inHead = row % headSize;
            return row - inHead + 2 * (inHead % half) + inHead / half;
        })));
    }

    int rows() {
        return rows;
    }

    int columns() {
        return parts.getFirst().tensor.columns();
    }

    Row row(int index) {
        int inPart = index;
        for (Part part : parts) {
            if (inPart < part.rows()) {
                return new Row(part.tensor, part.order.applyAsInt(inPart));
            }
            inPart -= part.rows();
        }
        throw new IndexOutOfBoundsException("row: " + index + " (expected: below " + rows + ")");
    }

    /** A row of a tensor. */
    record Row(GgufTensor tensor, long index) {
        void dequantize(float[] into) {
            tensor.dequantizeRow(index, into);
        }
    }

    private record Part(GgufTensor tensor, IntUnaryOperator order) {
        int rows() {
            return Math.toIntExact(tensor.rows());
        }
    }
}
