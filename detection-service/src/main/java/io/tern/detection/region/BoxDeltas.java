package io.tern.detection.region;

import io.tern.detection.box.Box;

/**
 * A correction of a region: how far its centre moves, in its sides, and the logarithms by which its sides grow; Girshick et
 * al. 2014, appendix C. Networks learn them multiplied by weights, the usual 10 and 5.
 */
public record BoxDeltas(double x, double y, double width, double height) {
    private static final double CENTRE_WEIGHT = 10;
    private static final double SIZE_WEIGHT = 5;
    /** A side grows at most from a stride to a thousand pixels. */
    private static final double LARGEST = Math.log(1000.0 / 16);

    /** @param learnt x, y, width and height as the network has them */
    public static BoxDeltas of(float[] learnt) {
        return new BoxDeltas(
                learnt[0] / CENTRE_WEIGHT,
                learnt[1] / CENTRE_WEIGHT,
                Math.min(LARGEST, learnt[2] / SIZE_WEIGHT),
                Math.min(LARGEST, learnt[3] / SIZE_WEIGHT));
    }

    public Box apply(Box region) {
        double w = region.x2() - region.x1();
        double h = region.y2() - region.y1();
        double centreX = region.x1() + w / 2 + x * w;
        double centreY = region.y1() + h / 2 + y * h;
        double halfWidth = w * Math.exp(width) / 2;
        double halfHeight = h * Math.exp(height) / 2;
        return new Box(centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight);
    }
}
