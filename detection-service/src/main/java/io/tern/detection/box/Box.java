package io.tern.detection.box;

/** A rectangle with sides along the axes, y downwards; in pixels of the picture or of the network's input. */
public record Box(double x1, double y1, double x2, double y2) {
    /** Keeps IoU defined for boxes without area. */
    private static final double SMALLEST_UNION = 1e-12;
    /** In pixels: answers are in floats, which tell places this far apart in the widest pictures that are read. */
    private static final double SMALLEST_SIDE = 0.01;

    public Box {
        if (!(x1 <= x2 && y1 <= y2)) { // so that NaN fails too
            throw new IllegalArgumentException(
                    "box: " + x1 + ", " + y1 + ", " + x2 + ", " + y2 + " (expected: x1 <= x2, y1 <= y2)");
        }
    }

    public double area() {
        return (x2 - x1) * (y2 - y1);
    }

    /** Whether there is something of it to be seen: what a clip to the border leaves of a box outside is a line or a point. */
    public boolean isVisible() {
        return x2 - x1 >= SMALLEST_SIDE && y2 - y1 >= SMALLEST_SIDE;
    }

    /** Area of what both cover. */
    public double intersection(Box other) {
        double width = Math.min(x2, other.x2) - Math.max(x1, other.x1);
        double height = Math.min(y2, other.y2) - Math.max(y1, other.y1);
        return Math.max(0, width) * Math.max(0, height);
    }

    /** Intersection over union, 0..1. */
    public double iou(Box other) {
        double intersection = intersection(other);
        return intersection / Math.max(SMALLEST_UNION, area() + other.area() - intersection);
    }

    /** The part inside 0..width, 0..height; without area at the border if the box lies outside. */
    public Box clip(double width, double height) {
        return new Box(
                Math.clamp(x1, 0, width),
                Math.clamp(y1, 0, height),
                Math.clamp(x2, 0, width),
                Math.clamp(y2, 0, height));
    }
}
