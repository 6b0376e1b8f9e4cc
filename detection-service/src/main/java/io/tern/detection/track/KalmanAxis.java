package io.tern.detection.track;

/**
 * A Kalman filter of one coordinate and its velocity per frame. The filter of SORT and ByteTrack has eight dimensions,
 * but neither its motion nor its noise couples two coordinates, so it is four of these. One thread at a time.
 */
final class KalmanAxis {
    private double position;
    private double velocity;
    /** Covariance: of the position, of the two together, of the velocity. */
    private double pp;

    private double pv;
    private double vv;

    /** At rest, with standard deviations of what is known of it. */
    KalmanAxis(double position, double positionDeviation, double velocityDeviation) {
        this.position = position;
        pp = positionDeviation * positionDeviation;
        vv = velocityDeviation * velocityDeviation;
    }

    double position() {
        return position;
    }

    double velocity() {
        return velocity;
    }

    void stop() {
        velocity = 0;
    }

    /** One frame on; the deviations are of the noise that a frame adds. */
    void predict(double positionDeviation, double velocityDeviation) {
        position += velocity;
        pp += 2 * pv + vv + positionDeviation * positionDeviation;
        pv += vv;
        vv += velocityDeviation * velocityDeviation;
    }

    /** The position was measured, with this standard deviation. */
    void update(double measured, double deviation) {
        double innovationVariance = pp + deviation * deviation;
        double positionGain = pp / innovationVariance;
        double velocityGain = pv / innovationVariance;
        double innovation = measured - position;
        position += positionGain * innovation;
        velocity += velocityGain * innovation;
        vv -= velocityGain * pv;
        pv -= positionGain * pv;
        pp -= positionGain * pp;
    }
}
