package io.tern.detection.region;

import io.tern.detection.box.Box;

/**
 * Position-sensitive pooling whose bins move, each by an offset that the network has learnt to give for this region: Dai et
 * al. 2017, eq. 5 and 6, {@code Δp_ij = γ Δp̂_ij ∘ (w, h)}, in the form without rounding.
 *
 * @param align the pooling of bins that stay
 * @param gamma γ: how far an offset of 1 moves a bin, in sides of the region; the paper's is 0.1
 */
public record DeformablePsRoiPooling(PsRoiAlign align, double gamma) {
    /**
     * @param region in pixels of the network's input
     * @param offsets [2, k, k]: those of x, then those of y
     * @return [outputs, k, k]
     */
    public float[] pool(PositionSensitiveMaps maps, Box region, float[] offsets) {
        int k = maps.bins();
        if (offsets.length != 2 * k * k) {
            throw new IllegalArgumentException("offsets: " + offsets.length + " (expected: 2 * " + k + "^2)");
        }
        double width = gamma * (region.x2() - region.x1());
        double height = gamma * (region.y2() - region.y1());
        return align.pool(
                maps, region, (i, j) -> offsets[i * k + j] * width, (i, j) -> offsets[(k + i) * k + j] * height);
    }
}
