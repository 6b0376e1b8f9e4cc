package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.StageTimes;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.v1.Box;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.PictureDetections;
import io.tern.detection.v1.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Between the messages and the engine's own types; absent fields get their defaults here. */
final class DetectionProtos {
    private static final int MOST_PICTURES = 16;
    private static final double NANOS_PER_MILLI = 1e6;

    private DetectionProtos() {}

    /** A picture's file and the field of the request that it stood in. */
    record PictureFile(String field, ByteString bytes) {}

    /** @throws TernException INVALID_ARGUMENT */
    static DetectionOptions options(DetectRequest request, DetectorFamily family) {
        return new DetectionOptions(
                request.hasThreshold() ? request.getThreshold() : DetectionOptions.DEFAULT_THRESHOLD,
                request.hasIou() ? request.getIou() : family.iou(),
                ClassFilter.of(request.getClassesList(), family.labels()),
                request.hasMaxDetections() ? request.getMaxDetections() : DetectionOptions.DEFAULT_MAX_DETECTIONS);
    }

    /** @throws TernException INVALID_ARGUMENT if there is none, or too many */
    static List<PictureFile> files(DetectRequest request) {
        int count = request.getImagesCount();
        if (request.getImage().isEmpty() == (count == 0)) {
            throw TernException.invalid(
                    "image", count == 0 ? "no file" : "a file beside images", "one picture, or several as images");
        }
        if (count == 0) {
            return List.of(new PictureFile("image", request.getImage()));
        }
        if (count > MOST_PICTURES) {
            throw TernException.invalid("images", count + " files", "at most " + MOST_PICTURES);
        }
        List<PictureFile> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(new PictureFile("images[" + i + "]", request.getImages(i)));
        }
        return files;
    }

    static PictureDetections.Builder picture(int width, int height, List<Detection> detections) {
        PictureDetections.Builder picture =
                PictureDetections.newBuilder().setWidth(width).setHeight(height);
        detections.forEach(detection -> picture.addDetections(detection(detection)));
        return picture;
    }

    private static io.tern.detection.v1.Detection detection(Detection detection) {
        return io.tern.detection.v1.Detection.newBuilder()
                .setClassName(detection.className())
                .setClassId(detection.classId())
                .setScore(detection.score())
                .setBox(Box.newBuilder()
                        .setX1((float) detection.box().x1())
                        .setY1((float) detection.box().y1())
                        .setX2((float) detection.box().x2())
                        .setY2((float) detection.box().y2()))
                .build();
    }

    static Timings timings(StageTimes stages, Duration queue, Duration total) {
        return Timings.newBuilder()
                .setDecodeMs(millis(stages.decode()))
                .setQueueMs(millis(queue))
                .setInferenceMs(millis(stages.inference()))
                .setPostprocessMs(millis(stages.postprocess()))
                .setTotalMs(millis(total))
                .build();
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLI;
    }
}
