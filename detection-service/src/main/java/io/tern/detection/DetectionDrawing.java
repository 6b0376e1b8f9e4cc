package io.tern.detection;

import io.tern.imaging.Annotation;
import io.tern.imaging.Annotator;
import io.tern.imaging.RgbImage;
import java.util.List;
import java.util.Locale;

/** Draws what was found into a copy of the picture: {@code cat 0.57}, in a film {@code cat #3 0.57}. */
public final class DetectionDrawing {
    private DetectionDrawing() {}

    /** @param detections best score first; the best are drawn over the others */
    public static RgbImage draw(RgbImage picture, List<Detection> detections) {
        return Annotator.draw(
                picture,
                detections.reversed().stream().map(DetectionDrawing::annotation).toList());
    }

    private static Annotation annotation(Detection detection) {
        return new Annotation(
                (float) detection.box().x1(),
                (float) detection.box().y1(),
                (float) detection.box().x2(),
                (float) detection.box().y2(),
                label(detection),
                detection.classId());
    }

    private static String label(Detection detection) {
        String track = detection.trackId() == null ? "" : " #" + detection.trackId();
        return String.format(Locale.ROOT, "%s%s %.2f", detection.className(), track, detection.score());
    }
}
