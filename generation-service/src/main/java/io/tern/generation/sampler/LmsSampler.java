package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Linear multistep of order 4 over uneven steps of σ: the polynomial through the last slopes is integrated. Hairer et al.
 * 1993, section III.5; k-diffusion's {@code sample_lms}.
 */
final class LmsSampler implements Sampler {
    private static final int ORDER = 4;

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor data = walk.buffer();
        History slopes = new History(walk::buffer, ORDER);
        for (int i = 0; i < walk.steps(); i++) {
            walk.denoise(data, x, walk.level(i));
            double sigma = walk.sigma(i);
            LinearCombination.combine(slopes.next(), 1 / sigma, x, -1 / sigma, data);
            for (int back = 0; back < slopes.size(); back++) {
                LinearCombination.add(x, weight(walk, i, back, slopes.size()), slopes.get(back));
            }
            walk.stepDone(i, data);
        }
        return walk.end();
    }

    /**
     * The integral from σ to σ' of the polynomial that is 1 at {@code back} steps ago and 0 at the other steps: by two
     * Gauss points, which are exact up to degree 3.
     */
    private static double weight(SigmaWalk walk, int i, int back, int order) {
        double half = (walk.sigma(i + 1) - walk.sigma(i)) / 2;
        double middle = walk.sigma(i) + half;
        double offset = half / Math.sqrt(3);
        return half * (basis(walk, i, back, order, middle - offset) + basis(walk, i, back, order, middle + offset));
    }

    private static double basis(SigmaWalk walk, int i, int back, int order, double sigma) {
        double product = 1;
        for (int other = 0; other < order; other++) {
            if (other != back) {
                product *= (sigma - walk.sigma(i - other)) / (walk.sigma(i - back) - walk.sigma(i - other));
            }
        }
        return product;
    }
}
