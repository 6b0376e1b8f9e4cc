package io.tern.detection.tile;

import io.tern.detection.Detection;
import io.tern.detection.box.Box;
import io.tern.detection.box.SuppressionMethod;

/**
 * Which boxes of several tiles show one object: those that the method of suppression takes for one, as it does inside of a
 * tile, and those of one class of which the one covers more than half of the other, as an object covers its part that a
 * tile's edge cuts. IoU would not see that.
 *
 * @param iou two boxes that overlap by more are one object, 0..1
 */
record OneObject(SuppressionMethod method, double iou) {
    private static final double LEAST_COVER = 0.5;
    private static final double SMALLEST_AREA = 1e-12;

    boolean isOf(Detection a, Detection b) {
        return isCut(a, b) || comparesClasses(a, b) && a.box().iou(b.box()) > iou;
    }

    /** Whether the smaller one is a part of the larger one. Of one class: a tie lies in its person, and is none. */
    boolean isCut(Detection a, Detection b) {
        return method != SuppressionMethod.NONE && a.classId() == b.classId() && cover(a.box(), b.box()) > LEAST_COVER;
    }

    private boolean comparesClasses(Detection a, Detection b) {
        return method == SuppressionMethod.AGNOSTIC || method != SuppressionMethod.NONE && a.classId() == b.classId();
    }

    /** How much of the smaller one the other covers, 0..1: intersection over smaller. */
    private static double cover(Box a, Box b) {
        return a.intersection(b) / Math.max(SMALLEST_AREA, Math.min(a.area(), b.area()));
    }
}
