package io.tern.imaging;

/** How source pixels around a target pixel are weighed. */
public enum ResamplingFilter {
    /** The one source pixel below the target's centre, also when it shrinks. */
    NEAREST(0.5) {
        @Override
        double height(double distance) {
            return 1;
        }
    },
    /** The "bilinear" of Pillow. */
    TRIANGLE(1) {
        @Override
        double height(double distance) {
            return Math.max(0, 1 - Math.abs(distance));
        }
    },
    /** A sinc under the middle of another: the sharpest that hardly rings. Duchon 1979, section 3. */
    LANCZOS(3) {
        @Override
        double height(double distance) {
            return Math.abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0;
        }
    };

    private final double reach;

    ResamplingFilter(double reach) {
        this.reach = reach;
    }

    /** To either side, in pixels of the larger picture. */
    double reach() {
        return reach;
    }

    /** Not normalised; at this distance, in the same pixels. */
    abstract double height(double distance);

    // The same on all machines: a picture that is drawn over depends on it.
    private static double sinc(double x) {
        return x == 0 ? 1 : StrictMath.sin(Math.PI * x) / (Math.PI * x);
    }
}
