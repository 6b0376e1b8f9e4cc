package io.tern.decoding.convert;

import io.tern.decoding.checkpoint.WeightTensor;
import java.util.List;

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

    static Matrix of(WeightTensor tensor) {
        return new Matrix(List.of(new Part(tensor, row -> row, Math.toIntExact(tensor.rows()))));
    }

    /** One below the other. */
    static Matrix stacked(Matrix... matrices) {
        return new Matrix(List.of(matrices).stream()
                .flatMap(matrix -> matrix.parts.stream())
                .toList());
    }

    /** Each part's rows in another order. */
    Matrix reordered(RowOrder order) {
        return new Matrix(parts.stream()
                .map(part -> new Part(part.tensor, row -> part.order.source(order.source(row)), part.rows))
                .toList());
    }

    /** Some rows of a tensor, in this order. */
    static Matrix picked(WeightTensor tensor, int... rows) {
        int[] order = rows.clone();
        return new Matrix(List.of(new Part(tensor, row -> order[row], order.length)));
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
                return new Row(part.tensor, part.order.source(inPart));
            }
            inPart -= part.rows();
        }
        throw new IndexOutOfBoundsException("row: " + index + " (expected: below " + rows + ")");
    }

    /** A row of a tensor. */
    record Row(WeightTensor tensor, long index) {
        void dequantize(float[] into) {
            tensor.dequantizeRow(index, into);
        }
    }

    private record Part(WeightTensor tensor, RowOrder order, int rows) {}
}
