package io.tern.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Sizes of a tensor's dimensions, outermost first. {@code -1} marks a dimension that is only known when it runs. */
public final class Shape {
    private final long[] dimensions;

    private Shape(long[] dimensions) {
        this.dimensions = dimensions;
    }

    public static Shape of(long... dimensions) {
        for (long dimension : dimensions) {
            if (dimension < -1) {
                throw new IllegalArgumentException("dimension: " + dimension + " (expected: >= 0, or -1 for any)");
            }
        }
        return new Shape(dimensions.clone());
    }

    public int rank() {
        return dimensions.length;
    }

    public long dimension(int axis) {
        return dimensions[axis];
    }

    public long[] toArray() {
        return dimensions.clone();
    }

    public List<Long> toList() {
        return Arrays.stream(dimensions).boxed().toList();
    }

    /** The same with another size of the outermost dimension. */
    public Shape withFirst(long size) {
        long[] changed = dimensions.clone();
        changed[0] = size;
        return of(changed);
    }

    /** Number of elements; 1 for a scalar. */
    public long size() {
        long size = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalStateException("size of " + this + " (expected: no dynamic dimension)");
            }
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** {@code [1, 8, 16, 16]}, with {@code ?} for a dynamic dimension. */
    @Override
    public String toString() {
        return Arrays.stream(dimensions)
                .mapToObj(dimension -> dimension < 0 ? "?" : Long.toString(dimension))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
