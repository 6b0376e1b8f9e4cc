package io.tern.detection.service;

import io.tern.detection.Detector;
import io.tern.detection.track.TrackSettings;
import io.tern.serving.Lease;

/** The settings of a stream, which are all right. Holds the model until it is closed. */
record ResolvedStream(Lease<Detector> lease, PictureWork work, TrackSettings tracking) implements AutoCloseable {
    @Override
    public void close() {
        lease.close();
    }
}
