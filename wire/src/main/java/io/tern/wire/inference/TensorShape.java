package io.tern.wire.inference;

import io.tern.base.TernException;
import io.tern.tensor.Shape;
import java.util.List;

/** Shapes as requests have them, which may be anything. */
public final class TensorShape {
    /** Of the tensors of a request together, and of those of an answer: what a message can carry, with its names around. */
    public static final int MOST_BYTES = 32_000_000;

    /** Of BYTES, each of which takes far more memory than its few bytes. */
    private static final long MOST_STRINGS = 1 << 20;

    private static final int MOST_DIMENSIONS = 16;

    private TensorShape() {}

    /**
     * Before memory is taken for it.
     *
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT for a negative dimension or too many elements
     */
    public static Shape checked(String field, List<Long> dimensions, Datatype datatype) {
        TernException.require(
                dimensions.size() <= MOST_DIMENSIONS,
                field,
                dimensions.size() + " dimensions",
                "at most " + MOST_DIMENSIONS);
        for (long dimension : dimensions) {
            TernException.require(dimension >= 0, field, dimensions, "0 or more in each dimension");
        }
        TernException.require(
                sizeBytes(dimensions, datatype) <= MOST_BYTES,
                field,
                dimensions,
                "at most " + MOST_BYTES + " bytes of " + datatype);
        Shape shape = Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
        TernException.require(
                datatype != Datatype.BYTES || shape.size() <= MOST_STRINGS,
                field,
                dimensions,
                "at most " + MOST_STRINGS + " strings");
        return shape;
    }

    /** Long.MAX_VALUE where it is more. */
    private static long sizeBytes(List<Long> dimensions, Datatype datatype) {
        if (dimensions.contains(0L)) {
            return 0;
        }
        try {
            return dimensions.stream().mapToLong(Long::longValue).reduce(datatype.sizeBytes(), Math::multiplyExact);
        } catch (ArithmeticException tooLarge) {
            return Long.MAX_VALUE;
        }
    }
}
