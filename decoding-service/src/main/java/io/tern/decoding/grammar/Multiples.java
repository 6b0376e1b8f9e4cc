package io.tern.decoding.grammar;

/**
 * Numbers that are {@code unit} hundredths, or another power of ten below one, so and so many times.
 *
 * @param unit at least 1; 1 leaves all numbers of so many digits
 * @param scale digits behind the point of the step: 2 for hundredths
 * @param fractionDigits that a number has at most, up to {@code scale}; 0: integers
 */
record Multiples(int unit, int scale, int fractionDigits) {
    private static final int BASE = 10;

    /** What is left of a number's digits, divided by the unit, with one more of them. */
    int remainder(int remainder, int digit) {
        return (remainder * BASE + digit) % unit;
    }

    /**
     * Whether a number that ends here is one of them.
     *
     * @param remainder of all its digits
     * @param digits that it has behind the point
     */
    boolean include(int remainder, int digits) {
        int rest = remainder;
        for (int i = digits; i < scale && rest != 0; i++) {
            rest = remainder(rest, 0);
        }
        return rest == 0;
    }
}
