package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.AnswerLimits;
import io.tern.detection.ClassFilter;
import io.tern.detection.Detection;
import io.tern.detection.DetectionOptions;
import io.tern.detection.Detector;
import io.tern.detection.StageTimes;
import io.tern.detection.Zone;
import io.tern.detection.Zones;
import io.tern.detection.box.SuppressionMethod;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.tile.TileLayout;
import io.tern.detection.tile.TileMerge;
import io.tern.detection.tile.Tiling;
import io.tern.detection.track.TrackSettings;
import io.tern.detection.v1.Box;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.PictureDetections;
import io.tern.detection.v1.StreamSettings;
import io.tern.detection.v1.Timings;
import io.tern.embedding.service.ImageModels;
import io.tern.imaging.codec.OutputFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the messages and the engine's own types; absent fields get their defaults here. */
final class DetectionProtos {
    private static final int MOST_PICTURES = 16;
    private static final double NANOS_PER_MILLI = 1e6;

    private DetectionProtos() {}

    /** A picture's file and the field of the request that it stood in. */
    record PictureFile(String field, ByteString bytes) {}

    /** @throws TernException INVALID_ARGUMENT */
    static DetectionOptions options(DetectRequest request, DetectorFamily family) {
        SuppressionMethod method =
                request.hasNms() ? SuppressionMethod.named(request.getNms()) : SuppressionMethod.CLASS_WISE;
        return new DetectionOptions(
                request.hasThreshold() ? request.getThreshold() : DetectionOptions.DEFAULT_THRESHOLD,
                method,
                request.hasIou() ? request.getIou() : iou(request, family),
                ClassFilter.of(request.getClassesList(), family.labels()),
                AnswerLimits.MOST); // it is told later which of them are answered
    }

    private static AnswerLimits limits(DetectRequest request) {
        return new AnswerLimits(
                request.hasMaxDetections() ? request.getMaxDetections() : AnswerLimits.DEFAULT_DETECTIONS,
                request.hasMaxPerClass() ? request.getMaxPerClass() : AnswerLimits.MOST);
    }

    /** Who names a method wants it to be used, even on a model that suppresses nothing by itself. */
    private static double iou(DetectRequest request, DetectorFamily family) {
        return family.overlap().orElse(request.hasNms() ? DetectionOptions.DEFAULT_IOU : DetectionOptions.ANY_OVERLAP);
    }

    /** @throws TernException INVALID_ARGUMENT */
    static PictureWork work(DetectRequest request, Detector detector, DetectionOptions options, ImageModels encoders) {
        return new PictureWork(
                detector,
                options,
                tiling(request, options.method()),
                zones(request),
                limits(request),
                Likeness.of(request, encoders),
                request.getAnnotate(),
                request.getCrops(),
                OutputFormat.named("picture_format", request.getPictureFormat()));
    }

    private static @Nullable Tiling tiling(DetectRequest request, SuppressionMethod method) {
        if (request.getTiles().isEmpty()) {
            TernException.require(!request.hasTileOverlap(), "tile_overlap", "set", "only with tiles");
            TernException.require(request.getTileMerge().isEmpty(), "tile_merge", "set", "only with tiles");
            return null;
        }
        // A part that a tile has cut is no neighbour whose score should fall, but nothing.
        TernException.require(
                !method.isSoft(), "nms", request.getNms(), "class-wise, agnostic, weighted or none, with tiles");
        TernException.require(
                method != SuppressionMethod.NONE || request.getTileMerge().isEmpty(),
                "tile_merge",
                request.getTileMerge(),
                "absent with nms none, for which all boxes stand");
        return new Tiling(
                TileLayout.parse(request.getTiles()),
                request.hasTileOverlap() ? request.getTileOverlap() : Tiling.DEFAULT_OVERLAP,
                request.getTileMerge().isEmpty() ? TileMerge.NMM : TileMerge.named(request.getTileMerge()));
    }

    private static Zones zones(DetectRequest request) {
        return new Zones(request.getZonesList().stream()
                .map(zone -> new Zone(
                        zone.getName(),
                        zone.getPointsList().stream()
                                .map(point -> new Zone.Corner(point.getX(), point.getY()))
                                .toList()))
                .toList());
    }

    /** @throws TernException INVALID_ARGUMENT */
    static TrackSettings tracking(StreamSettings settings, float threshold) {
        TrackSettings usual = TrackSettings.around(threshold);
        return new TrackSettings(
                threshold,
                settings.hasLowThreshold() ? settings.getLowThreshold() : usual.lowThreshold(),
                settings.hasLostFrames() ? settings.getLostFrames() : usual.lostFrames());
    }

    /** @throws TernException INVALID_ARGUMENT if there is none, or several */
    static PictureFile frame(DetectRequest request) {
        TernException.require(request.getImagesCount() == 0, "images", "set", "one frame a request, as image");
        return files(request).getFirst();
    }

    /** @throws TernException INVALID_ARGUMENT if there is none, or too many */
    static List<PictureFile> files(DetectRequest request) {
        TernException.require(!request.hasFrames(), "frames", "set", "pictures; topics in jobs");
        TernException.require(
                request.getFolder().isEmpty(), "folder", request.getFolder(), "pictures; folders in jobs");
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

    /** @throws TernException INVALID_ARGUMENT if a request for pictures from elsewhere brings some */
    static void requireNoPictures(String field, DetectRequest request) {
        boolean none = request.getImage().isEmpty() && request.getImagesCount() == 0;
        TernException.require(none, field, "set beside pictures", "either");
    }

    /** What stands in a request beside its picture. */
    static DetectRequest settings(DetectRequest request) {
        return request.toBuilder().setImage(ByteString.EMPTY).build();
    }

    /**
     * Later requests of a stream have the settings of the first, or none.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    static void requireSettings(DetectRequest request, DetectRequest settings) {
        DetectRequest own = settings(request);
        if (!own.equals(settings) && !own.equals(DetectRequest.getDefaultInstance())) {
            throw TernException.invalid("stream", "other settings", "those of the first frame, or none");
        }
    }

    /** In place of what was to be found. */
    static PictureDetections.Builder error(TernException e) {
        return PictureDetections.newBuilder()
                .setError(String.valueOf(e.getMessage()))
                .setErrorCode(e.code().wireName());
    }

    static io.tern.detection.v1.Detection.Builder detection(Detection detection, Zones zones) {
        io.tern.detection.v1.Detection.Builder told = io.tern.detection.v1.Detection.newBuilder()
                .addAllZones(zones.names(detection.box()))
                .setClassName(detection.className())
                .setClassId(detection.classId())
                .setScore(detection.score())
                .setBox(Box.newBuilder()
                        .setX1((float) detection.box().x1())
                        .setY1((float) detection.box().y1())
                        .setX2((float) detection.box().x2())
                        .setY2((float) detection.box().y2()));
        if (detection.trackId() != null) {
            told.setTrackId(detection.trackId());
        }
        return told;
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
