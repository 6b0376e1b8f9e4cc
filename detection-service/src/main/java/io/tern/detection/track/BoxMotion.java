package io.tern.detection.track;

import io.tern.detection.box.Box;

/**
 * Where a box goes: its centre, aspect ratio and height, each with a constant velocity that noise changes slowly. Wojke et
 * al. 2017, section 2.1, with the deviations of that paper's code, which ByteTrack keeps: in parts of the height, since a
 * near object moves more pixels than a far one. One thread at a time.
 */
final class BoxMotion {
    private static final double POSITION = 1.0 / 20;
    private static final double VELOCITY = 1.0 / 160;
    private static final double ASPECT = 1e-2;
    private static final double ASPECT_VELOCITY = 1e-5;
    private static final double MEASURED_ASPECT = 1e-1;
    /** Keeps the aspect ratio of a box without height finite. */
    private static final double SMALLEST_HEIGHT = 1e-3;

    private final KalmanAxis x;
    private final KalmanAxis y;
    private final KalmanAxis aspect;
    private final KalmanAxis height;

    BoxMotion(Box box) {
        double h = heightOf(box);
        x = new KalmanAxis(centreX(box), 2 * POSITION * h, 10 * VELOCITY * h);
        y = new KalmanAxis(centreY(box), 2 * POSITION * h, 10 * VELOCITY * h);
        aspect = new KalmanAxis(aspectOf(box), ASPECT, ASPECT_VELOCITY);
        height = new KalmanAxis(h, 2 * POSITION * h, 10 * VELOCITY * h);
    }

    /** One frame on. */
    void predict() {
        double h = height.position();
        x.predict(POSITION * h, VELOCITY * h);
        y.predict(POSITION * h, VELOCITY * h);
        aspect.predict(ASPECT, ASPECT_VELOCITY);
        height.predict(POSITION * h, VELOCITY * h);
    }

    /** What is not seen keeps its size: a wrong growth would make it vanish or fill the picture. */
    void stopGrowing() {
        height.stop();
    }

    void update(Box box) {
        double h = height.position();
        x.update(centreX(box), POSITION * h);
        y.update(centreY(box), POSITION * h);
        aspect.update(aspectOf(box), MEASURED_ASPECT);
        height.update(heightOf(box), POSITION * h);
    }

    Box box() {
        double h = Math.max(0, height.position());
        double w = Math.max(0, aspect.position()) * h;
        return new Box(x.position() - w / 2, y.position() - h / 2, x.position() + w / 2, y.position() + h / 2);
    }

    private static double centreX(Box box) {
        return (box.x1() + box.x2()) / 2;
    }

    private static double centreY(Box box) {
        return (box.y1() + box.y2()) / 2;
    }

    private static double heightOf(Box box) {
        return Math.max(SMALLEST_HEIGHT, box.y2() - box.y1());
    }

    private static double aspectOf(Box box) {
        return (box.x2() - box.x1()) / heightOf(box);
    }
}
