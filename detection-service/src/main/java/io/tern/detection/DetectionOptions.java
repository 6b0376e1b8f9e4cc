package io.tern.detection;

import io.tern.base.TernException;

/**
 * What is asked for beside the picture.
 *
 * @param threshold least score of what is told, 0..1
 * @param iou two boxes of one class that overlap by more are one object, 0..1
 * @param classes those wanted
 * @param maxDetections at most so many in a picture, 1..1000
 */
public record DetectionOptions(float threshold, double iou, ClassFilter classes, int maxDetections) {
    public static final float DEFAULT_THRESHOLD = 0.3f;
    public static final int DEFAULT_MAX_DETECTIONS = 100;
    private static final int MOST_DETECTIONS = 1000;

    /** @throws TernException INVALID_ARGUMENT for a value outside its range */
    public DetectionOptions {
        if (!(threshold >= 0 && threshold <= 1)) { // so that NaN fails too
            throw TernException.invalid("threshold", threshold, "0..1");
        }
        if (!(iou >= 0 && iou <= 1)) {
            throw TernException.invalid("iou", iou, "0..1");
        }
        if (maxDetections < 1 || maxDetections > MOST_DETECTIONS) {
            throw TernException.invalid("max_detections", maxDetections, "1.." + MOST_DETECTIONS);
        }
    }

    public DetectionOptions withThreshold(float other) {
        return new DetectionOptions(other, iou, classes, maxDetections);
    }

    /** As many as can be asked for: where some are left out or joined later. */
    public DetectionOptions withMost() {
        return new DetectionOptions(threshold, iou, classes, MOST_DETECTIONS);
    }
}
