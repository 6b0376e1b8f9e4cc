package io.tern.detection.region;

import io.tern.detection.box.Box;

/** What the bins of a region see. A model must run with the pooling that it was trained with: two of them hardly agree. */
@FunctionalInterface
public interface RegionPooling {
    /**
     * @param region in pixels of the network's input
     * @return [outputs, k, k]
     */
    float[] pool(PositionSensitiveMaps maps, Box region);
}
