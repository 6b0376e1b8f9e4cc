package io.tern.detection.region;

import io.tern.detection.box.Box;

/**
 * Position-sensitive pooling without rounding: a bin is the mean of samples x samples points spread over it, each
 * interpolated between the pixels of the maps. As RoIAlign of He et al. 2017 is to RoI pooling.
 *
 * @param scale pixels of the maps for a pixel of the input
 * @param samples points a side of a bin
 */
public record PsRoiAlign(double scale, int samples) implements RegionPooling {
    public PsRoiAlign {
        if (samples < 1) {
            throw new IllegalArgumentException("samples: " + samples + " (expected: at least 1)");
        }
    }

    @Override
    public float[] pool(PositionSensitiveMaps maps, Box region) {
        return pool(maps, region, (_, _) -> 0, (_, _) -> 0);
    }

    /** How far a bin is moved, in pixels of the input. */
    @FunctionalInterface
    interface Shift {
        double of(int row, int column);
    }

    float[] pool(PositionSensitiveMaps maps, Box region, Shift shiftX, Shift shiftY) {
        int k = maps.bins();
        double binHeight = (region.y2() - region.y1()) * scale / k;
        double binWidth = (region.x2() - region.x1()) * scale / k;
        float[] bins = new float[maps.outputs() * k * k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                // The half pixel: a map's pixel covers what lies half a pixel around its centre.
                double top = (region.y1() + shiftY.of(i, j)) * scale - 0.5 + i * binHeight;
                double left = (region.x1() + shiftX.of(i, j)) * scale - 0.5 + j * binWidth;
                for (int output = 0; output < maps.outputs(); output++) {
                    double sum = 0;
                    for (int a = 0; a < samples; a++) {
                        for (int b = 0; b < samples; b++) {
                            sum += maps.between(
                                    output,
                                    i,
                                    j,
                                    top + (a + 0.5) * binHeight / samples,
                                    left + (b + 0.5) * binWidth / samples);
                        }
                    }
                    bins[(output * k + i) * k + j] = (float) (sum / (samples * samples));
                }
            }
        }
        return bins;
    }
}
