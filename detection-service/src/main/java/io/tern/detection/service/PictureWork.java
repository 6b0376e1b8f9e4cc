package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.detection.AnswerLimits;
import io.tern.detection.Detection;
import io.tern.detection.DetectionDrawing;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.PictureResult;
import io.tern.detection.StageTimes;
import io.tern.detection.Zones;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.tile.TiledDetection;
import io.tern.detection.tile.Tiling;
import io.tern.detection.v1.Detection.Builder;
import io.tern.detection.v1.PictureDetections;
import io.tern.detection.v1.PictureDetectionsOrBuilder;
import io.tern.embedding.PicturePart;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.codec.OutputFormat;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with each picture of a request or a stream.
 *
 * @param tiling null: in the whole picture only
 * @param likeness null: nothing of it is asked for
 */
record PictureWork(
        Detector detector,
        DetectionOptions options,
        @Nullable Tiling tiling,
        Zones zones,
        AnswerLimits limits,
        @Nullable Likeness likeness,
        boolean annotate,
        boolean crops,
        OutputFormat format) {
    /** What a stream knows of the frames before. */
    interface Film {
        /** Pictures that have nothing to do with each other. */
        Film STILLS = new Film() {};

        /** @throws io.tern.base.TernException INVALID_ARGUMENT if the picture is no frame of this film */
        default void check(RgbImage frame) {}

        default List<Detection> follow(List<Detection> detections) {
            return detections;
        }
    }

    record Answer(PictureDetections detections, StageTimes stages) {
        long drawnBytes() {
            return PictureWork.drawnBytes(detections);
        }
    }

    /** Of the pictures in it: crops, and what is annotated. */
    static long drawnBytes(PictureDetectionsOrBuilder detections) {
        return detections.getDetectionsList().stream()
                        .mapToLong(one -> one.getCrop().size())
                        .sum()
                + detections.getAnnotated().size();
    }

    /** Call it on a worker: all of it keeps a processor busy. */
    Answer run(PictureFile file, Film film, Cancellation cancellation) {
        long begun = System.nanoTime();
        RgbImage picture = ImageDecoder.decode(file.field(), file.bytes().toByteArray(), cancellation);
        film.check(picture);
        Duration decoding = since(begun);
        PictureResult result = detect(picture, cancellation);
        long inferred = System.nanoTime();
        List<Detection> found = limits.of(zones.of(film.follow(result.detections())));
        PictureDetections detections = told(picture, found, cancellation);
        StageTimes afterwards = new StageTimes(decoding, Duration.ZERO, since(inferred));
        return new Answer(detections, result.times().plus(afterwards));
    }

    private PictureResult detect(RgbImage picture, Cancellation cancellation) {
        return tiling == null
                ? detector.detect(picture, options, cancellation)
                : new TiledDetection(detector, tiling).detect(picture, options, cancellation);
    }

    private PictureDetections told(RgbImage picture, List<Detection> found, Cancellation cancellation) {
        List<Builder> each = found.stream()
                .map(detection -> DetectionProtos.detection(detection, zones))
                .toList();
        if (likeness != null) {
            likeness.tell(picture, found, each, cancellation);
        }
        PictureDetections.Builder told =
                PictureDetections.newBuilder().setWidth(picture.width()).setHeight(picture.height());
        for (int i = 0; i < found.size(); i++) {
            if (crops) {
                each.get(i)
                        .setCrop(encoded(
                                PicturePart.touched(picture, found.get(i).box())));
            }
            told.addDetections(each.get(i));
        }
        if (annotate) {
            told.setAnnotated(encoded(DetectionDrawing.draw(picture, found)));
        }
        return told.build();
    }

    private ByteString encoded(RgbImage drawn) {
        format.requireRoomFor("picture_format", drawn.width(), drawn.height());
        return ByteString.copyFrom(format.encode(drawn));
    }

    static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
