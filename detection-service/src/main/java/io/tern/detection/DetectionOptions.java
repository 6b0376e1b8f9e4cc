package io.tern.detection;

import io.tern.base.TernException;
import io.tern.detection.box.Suppression;
import io.tern.detection.box.SuppressionMethod;

/**
 * What is asked for beside the picture.
 *
 * @param threshold least score of what is told, 0..1
 * @param sure score of boxes that weaker ones do not change, from the threshold on: in a film those of the weaker ones that
 *     go on with a track are told too
 * @param method what is done about boxes that show one object twice
 * @param iou two boxes that overlap by more are one object, 0..1
 * @param classes those wanted
 * @param maxDetections at most so many in a picture, 1..1000
 */
public record DetectionOptions(
        float threshold, float sure, SuppressionMethod method, double iou, ClassFilter classes, int maxDetections) {
    public static final float DEFAULT_THRESHOLD = 0.3f;
    public static final double DEFAULT_IOU = 0.6;
    /** An IoU that no two boxes exceed: all stand. */
    public static final double ANY_OVERLAP = 1;

    /** @throws TernException INVALID_ARGUMENT for a value outside its range */
    public DetectionOptions {
        if (!(threshold >= 0 && threshold <= 1)) { // so that NaN fails too
            throw TernException.invalid("threshold", threshold, "0..1");
        }
        if (!(sure >= threshold && sure <= 1)) {
            throw TernException.invalid("threshold", sure, threshold + "..1");
        }
        if (!(iou >= 0 && iou <= 1)) {
            throw TernException.invalid("iou", iou, "0..1");
        }
        AnswerLimits.require("max_detections", maxDetections);
    }

    /** Where all that is told is sure. */
    public DetectionOptions(
            float threshold, SuppressionMethod method, double iou, ClassFilter classes, int maxDetections) {
        this(threshold, threshold, method, iou, classes, maxDetections);
    }

    /** Class by class. */
    public DetectionOptions(float threshold, double iou, ClassFilter classes, int maxDetections) {
        this(threshold, SuppressionMethod.CLASS_WISE, iou, classes, maxDetections);
    }

    Suppression suppression() {
        return method.at(iou, threshold, sure);
    }

    /** With weaker boxes as well, which change none of the others. */
    public DetectionOptions withWeak(float from) {
        return new DetectionOptions(from, sure, method, iou, classes, maxDetections);
    }
}
