package io.tern.detection.service;

import io.tern.base.TernException;
import io.tern.detection.Detection;
import io.tern.detection.track.ByteTracker;
import io.tern.detection.track.TrackSettings;
import io.tern.imaging.RgbImage;
import java.util.List;

/** A film whose objects are followed, and whose frames have one size. Used by one thread at a time. */
final class Tracked implements PictureWork.Film {
    private final ByteTracker tracker;
    /** Of all frames; 0 before the first. */
    private int width;

    private int height;

    Tracked(TrackSettings settings) {
        tracker = new ByteTracker(settings);
    }

    @Override
    public void check(RgbImage frame) {
        if (width == 0) {
            width = frame.width();
            height = frame.height();
        }
        TernException.require(
                frame.width() == width && frame.height() == height,
                "image",
                frame.width() + " x " + frame.height() + " pixels",
                width + " x " + height + ", as the first frame");
    }

    @Override
    public List<Detection> follow(List<Detection> detections) {
        return tracker.update(detections);
    }
}
