package io.tern.detection.region;

/** The bins of a region vote, all with the same weight: Dai et al. 2016, section 2, {@code r_c = sum over (i,j)}, as mean. */
public final class Vote {
    private Vote() {}

    /**
     * @param bins [outputs, k, k]
     * @return the mean of each output's bins
     */
    public static float[] of(float[] bins, int outputs) {
        int each = bins.length / outputs;
        float[] votes = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            double sum = 0;
            for (int bin = 0; bin < each; bin++) {
                sum += bins[output * each + bin];
            }
            votes[output] = (float) (sum / each);
        }
        return votes;
    }
}
