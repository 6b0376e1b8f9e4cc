package io.tern.generation.linear;

import io.tern.tensor.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Element-wise a·x + b·y over tensors of one size. Coefficients come in float64 and are rounded once to float32; each
 * product and the sum are rounded to float32 in this order, so that a result has the same bits everywhere. The output
 * may be one of the inputs.
 */
public final class LinearCombination {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private LinearCombination() {}

    /** out = a·x */
    public static void scale(FloatTensor out, double a, FloatTensor x) {
        long size = commonSize(out, x);
        float factor = (float) a;
        MemorySegment to = out.segment();
        MemorySegment from = x.segment();
        for (long i = 0; i < size; i++) {
            to.setAtIndex(FLOAT, i, factor * from.getAtIndex(FLOAT, i));
        }
    }

    /** out = a·x + b·y */
    public static void combine(FloatTensor out, double a, FloatTensor x, double b, FloatTensor y) {
        long size = commonSize(out, x);
        commonSize(out, y);
        float first = (float) a;
        float second = (float) b;
        MemorySegment to = out.segment();
        MemorySegment left = x.segment();
        MemorySegment right = y.segment();
        for (long i = 0; i < size; i++) {
            to.setAtIndex(FLOAT, i, first * left.getAtIndex(FLOAT, i) + second * right.getAtIndex(FLOAT, i));
        }
    }

    /** out = out + b·y */
    public static void add(FloatTensor out, double b, FloatTensor y) {
        combine(out, 1, out, b, y);
    }

    /** out = x + b·(y − x): in this order, since it is exact where x = y, whatever b. */
    public static void towards(FloatTensor out, FloatTensor x, double b, FloatTensor y) {
        long size = commonSize(out, x);
        commonSize(out, y);
        float factor = (float) b;
        MemorySegment to = out.segment();
        MemorySegment start = x.segment();
        MemorySegment end = y.segment();
        for (long i = 0; i < size; i++) {
            float from = start.getAtIndex(FLOAT, i);
            to.setAtIndex(FLOAT, i, from + factor * (end.getAtIndex(FLOAT, i) - from));
        }
    }

    /** Each value brought into ±limit. */
    public static void clamp(FloatTensor values, double limit) {
        float most = (float) limit;
        for (long i = 0; i < values.size(); i++) {
            values.set(i, Math.clamp(values.get(i), -most, most));
        }
    }

    private static long commonSize(FloatTensor out, FloatTensor in) {
        if (out.size() != in.size()) {
            throw new IllegalArgumentException("input: " + in.shape() + " (expected: as many as " + out.shape() + ")");
        }
        return out.size();
    }
}
