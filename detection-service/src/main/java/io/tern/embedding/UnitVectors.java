package io.tern.embedding;

/** Vectors of length 1, whose scalar product is the cosine of their angle. */
public final class UnitVectors {
    private static final double SMALLEST_LENGTH = 1e-12;

    private UnitVectors() {}

    /** In the same direction with length 1; a vector without a direction stays as it is. */
    public static float[] normalize(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.max(SMALLEST_LENGTH, Math.sqrt(squares));
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /** The cosine of two unit vectors. */
    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
