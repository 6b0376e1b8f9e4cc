package io.tern.detection.track;

import io.tern.detection.Detection;
import io.tern.detection.box.Box;

/** An object on its way through the frames. One thread at a time. */
final class Track {
    enum State {
        /** Seen once: it may be noise. */
        TENTATIVE,
        /** Seen in the last frame. */
        TRACKED,
        /** Out of sight. */
        LOST
    }

    private final BoxMotion motion;
    private final int classId;
    private final long firstFrame;
    private State state = State.TENTATIVE;
    private long id;
    private long lastFrame;

    Track(Detection detection, long frame) {
        motion = new BoxMotion(detection.box());
        classId = detection.classId();
        firstFrame = frame;
        lastFrame = frame;
    }

    State state() {
        return state;
    }

    int classId() {
        return classId;
    }

    /** 0 while it is tentative. */
    long id() {
        return id;
    }

    /** Frame in which it was seen last. */
    long lastFrame() {
        return lastFrame;
    }

    /** Frames from the first to the last sight. */
    long age() {
        return lastFrame - firstFrame;
    }

    Box box() {
        return motion.box();
    }

    void predict() {
        if (state != State.TRACKED) {
            motion.stopGrowing();
        }
        motion.predict();
    }

    void see(Detection detection, long frame) {
        motion.update(detection.box());
        lastFrame = frame;
        state = State.TRACKED;
    }

    void confirm(long newId) {
        id = newId;
        state = State.TRACKED;
    }

    void lose() {
        state = State.LOST;
    }
}
