package io.tern.detection.region;

import io.tern.detection.box.Box;

/**
 * Position-sensitive pooling of Dai et al. 2016, eq. 1: the region is rounded to whole pixels of the maps, and a bin is
 * the mean of the pixels that it touches, {@code r_c(i,j) = sum of z_(i,j,c)(x + x0, y + y0) / n}. The last row and column
 * of a map are never seen, as in torchvision's {@code ps_roi_pool}.
 *
 * @param scale pixels of the maps for a pixel of the input: 1/16
 */
public record PsRoiPooling(double scale) implements RegionPooling {
    @Override
    public float[] pool(PositionSensitiveMaps maps, Box region) {
        int k = maps.bins();
        long top = Math.round(region.y1() * scale);
        long left = Math.round(region.x1() * scale);
        double binHeight = Math.max(1, Math.round(region.y2() * scale) - top) / (double) k;
        double binWidth = Math.max(1, Math.round(region.x2() * scale) - left) / (double) k;
        float[] bins = new float[maps.outputs() * k * k];
        for (int i = 0; i < k; i++) {
            int firstRow = inside(top + (long) Math.floor(i * (float) binHeight), maps.height());
            int endRow = inside(top + (long) Math.ceil((i + 1) * (float) binHeight), maps.height());
            for (int j = 0; j < k; j++) {
                int firstColumn = inside(left + (long) Math.floor(j * (float) binWidth), maps.width());
                int endColumn = inside(left + (long) Math.ceil((j + 1) * (float) binWidth), maps.width());
                for (int output = 0; output < maps.outputs(); output++) {
                    double sum = 0;
                    for (int y = firstRow; y < endRow; y++) {
                        for (int x = firstColumn; x < endColumn; x++) {
                            sum += maps.at(output, i, j, y, x);
                        }
                    }
                    int n = (endRow - firstRow) * (endColumn - firstColumn);
                    bins[(output * k + i) * k + j] = n > 0 ? (float) (sum / n) : 0;
                }
            }
        }
        return bins;
    }

    private static int inside(long pixel, int size) {
        return (int) Math.clamp(pixel, 0, size - 1);
    }
}
