package io.tern.detection;

import java.util.List;

/** What was found in a picture, best score first, and how long it took. */
public record PictureResult(List<Detection> detections, StageTimes times) {
    public PictureResult {
        detections = List.copyOf(detections);
    }
}
