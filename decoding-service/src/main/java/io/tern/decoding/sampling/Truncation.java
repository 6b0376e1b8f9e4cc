package io.tern.decoding.sampling;

/** Drops unlikely candidates; at least the likeliest one stays. */
sealed interface Truncation {
    void apply(Candidates candidates);

    /** Those at least {@code share} times as likely as the likeliest. Nguyen et al. 2024. */
    record MinP(double share) implements Truncation {
        @Override
        public void apply(Candidates candidates) {
            candidates.keepFrom(StrictMath.log(share));
        }
    }

    /** The {@code count} likeliest ones. Fan et al. 2018. */
    record TopK(int count) implements Truncation {
        @Override
        public void apply(Candidates candidates) {
            int size = candidates.size();
            if (count < size) {
                candidates.heapify();
                for (int i = 0; i < count; i++) {
                    candidates.moveTopToEnd(size - i);
                }
                candidates.keepLast(count);
            }
        }
    }

    /** The likeliest ones until their probabilities reach {@code mass}. Holtzman et al. 2020. */
    record TopP(double mass) implements Truncation {
        @Override
        public void apply(Candidates candidates) {
            double total = 0;
            for (int i = 0; i < candidates.size(); i++) {
                total += Exponential.of(candidates.logit(i));
            }
            // All that lie below together have less than 1 - mass, so that the others reach it; few are left to be
            // sorted.
            candidates.keepFrom(StrictMath.log((1 - mass) / 2 * total / candidates.size()));
            candidates.heapify();
            int size = candidates.size();
            int count = 0;
            for (double sum = 0; count < size && (count == 0 || sum < mass * total); count++) {
                sum += Exponential.of(candidates.logit(0));
                candidates.moveTopToEnd(size - count);
            }
            candidates.keepLast(count);
        }
    }
}
