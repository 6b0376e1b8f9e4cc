package io.tern.detection.track;

import io.tern.base.TernException;

/**
 * How boxes become tracks.
 *
 * @param threshold least score of a box that begins a track or is told without one, 0..1
 * @param lowThreshold least score of a box that may go on with a track, 0..threshold
 * @param lostFrames how many frames an object may be out of sight, 1..10000
 */
public record TrackSettings(float threshold, float lowThreshold, int lostFrames) {
    /** What the paper keeps; fewer than that are noise. */
    public static final float DEFAULT_LOW_THRESHOLD = 0.1f;
    /** A second of film. */
    public static final int DEFAULT_LOST_FRAMES = 30;

    private static final int MOST_LOST_FRAMES = 10_000;

    /** @throws TernException INVALID_ARGUMENT for a value outside its range */
    public TrackSettings {
        TernException.require(threshold >= 0 && threshold <= 1, "threshold", threshold, "0..1");
        TernException.require(
                lowThreshold >= 0 && lowThreshold <= threshold,
                "stream.low_threshold",
                lowThreshold,
                "0..threshold, " + threshold);
        TernException.require(
                lostFrames >= 1 && lostFrames <= MOST_LOST_FRAMES,
                "stream.lost_frames",
                lostFrames,
                "1.." + MOST_LOST_FRAMES);
    }

    /** The paper's settings around a threshold. */
    public static TrackSettings around(float threshold) {
        return new TrackSettings(threshold, Math.min(threshold, DEFAULT_LOW_THRESHOLD), DEFAULT_LOST_FRAMES);
    }
}
