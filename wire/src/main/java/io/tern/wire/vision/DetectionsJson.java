package io.tern.wire.vision;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.Detection;
import io.tern.detection.v1.FrameTopics;
import io.tern.detection.v1.PictureDetections;
import io.tern.detection.v1.StreamSettings;
import io.tern.detection.v1.Timings;
import io.tern.wire.Base64Text;
import io.tern.wire.DataUri;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/detections}, as JSON with data: URIs or as a form with files. */
public final class DetectionsJson {
    private DetectionsJson() {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static DetectRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        DetectRequest.Builder request = DetectRequest.newBuilder();
        fields.node("image").ifPresent(image -> request.setImage(DataUri.picture(fields, "image", image)));
        fields.node("images").ifPresent(images -> {
            if (!images.isArray()) {
                throw fields.invalid("images", "array of data: URIs");
            }
            images.values().forEach(image -> request.addImages(DataUri.picture(fields, "images", image)));
        });
        fields.text("folder").ifPresent(request::setFolder);
        fields.node("frames").ifPresent(frames -> request.setFrames(frames(fields, frames)));
        fields.object("stream").ifPresent(stream -> request.setStream(stream(stream)));
        boolean elsewhere = !request.getFolder().isEmpty() || request.hasFrames();
        if (request.getImage().isEmpty() && request.getImagesCount() == 0 && !elsewhere) {
            throw fields.invalid("image", DataUri.EXPECTED);
        }
        return readOptions(fields, request);
    }

    /**
     * @param fields the form's fields but its files
     * @param files the files called {@code image}, in their order
     * @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported
     */
    public static DetectRequest request(Map<String, String> fields, List<ByteString> files) {
        DetectRequest.Builder request = DetectRequest.newBuilder();
        Fields form = Fields.form(fields);
        if (files.isEmpty()) {
            throw form.invalid("image", "a file");
        }
        if (files.size() == 1) {
            request.setImage(files.getFirst());
        } else {
            request.addAllImages(files);
        }
        return readOptions(form, request);
    }

    /** Boxes are {@code [x1, y1, x2, y2]} in pixels of the picture as sent. */
    public static ObjectNode answer(DetectResponse response) {
        ObjectNode node = StrictJson.newObject().put("model", response.getModel());
        ArrayNode data = node.putArray("data");
        response.getResultsList().forEach(result -> data.add(picture(result)));
        Timings timings = response.getTimings();
        node.putObject("timings")
                .put("decode_ms", timings.getDecodeMs())
                .put("queue_ms", timings.getQueueMs())
                .put("inference_ms", timings.getInferenceMs())
                .put("postprocess_ms", timings.getPostprocessMs())
                .put("total_ms", timings.getTotalMs());
        return node;
    }

    /**
     * The same of a folder, with what lies beside its pictures.
     *
     * @param skipped how many files, folders and links are no pictures
     * @param names of the first of those
     */
    public static ObjectNode folder(DetectResponse response, long skipped, List<String> names) {
        ObjectNode node = answer(response);
        if (skipped > 0) {
            ArrayNode files = node.putObject("skipped").put("count", skipped).putArray("files");
            names.forEach(files::add);
        }
        return node;
    }

    /** What a job over a topic ends with: where its results are, and how many. */
    public static ObjectNode frames(String model, FrameTopics topics, long count) {
        ObjectNode node = StrictJson.newObject().put("model", model);
        node.putObject("frames")
                .put("in", topics.getIn())
                .put("out", topics.getOut())
                .put("count", count);
        return node;
    }

    private static FrameTopics frames(Fields fields, JsonNode frames) {
        if (!frames.isObject() || frames.size() != 2 || !isText(frames.get("in")) || !isText(frames.get("out"))) {
            throw fields.invalid("frames", "object {\"in\": topic, \"out\": topic}");
        }
        return FrameTopics.newBuilder()
                .setIn(frames.get("in").stringValue())
                .setOut(frames.get("out").stringValue())
                .build();
    }

    private static StreamSettings stream(Fields fields) {
        StreamSettings.Builder stream = StreamSettings.newBuilder();
        fields.number("low_threshold").map(Double::floatValue).ifPresent(stream::setLowThreshold);
        fields.int32("lost_frames").ifPresent(stream::setLostFrames);
        fields.flag("drop_oldest").ifPresent(stream::setDropOldest);
        fields.refuseUnknown();
        return stream.build();
    }

    private static boolean isText(@Nullable JsonNode node) {
        return node != null && node.isString();
    }

    private static DetectRequest readOptions(Fields fields, DetectRequest.Builder request) {
        fields.text("model").ifPresent(request::setModel);
        fields.number("threshold").map(Double::floatValue).ifPresent(request::setThreshold);
        fields.number("iou").map(Double::floatValue).ifPresent(request::setIou);
        request.addAllClasses(fields.texts("classes"));
        fields.int32("max_detections").ifPresent(request::setMaxDetections);
        fields.flag("annotate").ifPresent(request::setAnnotate);
        fields.scalar("tiles").ifPresent(request::setTiles);
        fields.number("tile_overlap").ifPresent(request::setTileOverlap);
        fields.text("tile_merge").ifPresent(request::setTileMerge);
        fields.flag("crops").ifPresent(request::setCrops);
        fields.node("zones").ifPresent(zones -> request.addAllZones(ZonesJson.zones(fields, zones)));
        fields.text("picture_format").ifPresent(request::setPictureFormat);
        fields.text("nms").ifPresent(request::setNms);
        fields.int32("max_per_class").ifPresent(request::setMaxPerClass);
        fields.node("examples").ifPresent(examples -> request.addAllExamples(PicturesJson.examples(fields, examples)));
        fields.number("similarity").ifPresent(request::setSimilarity);
        fields.flag("embeddings").ifPresent(request::setEmbeddings);
        fields.text("encoder").ifPresent(request::setEncoder);
        fields.text("user");
        fields.refuseUnknown();
        return request.build();
    }

    private static ObjectNode picture(PictureDetections result) {
        ObjectNode node = StrictJson.newObject();
        if (!result.getFile().isEmpty()) {
            node.put("file", result.getFile());
        }
        if (!result.getError().isEmpty()) {
            return node.put("error", result.getError()).put("error_code", result.getErrorCode());
        }
        node.put("width", result.getWidth()).put("height", result.getHeight());
        ArrayNode detections = node.putArray("detections");
        result.getDetectionsList().forEach(detection -> detections.add(detection(detection)));
        if (!result.getAnnotated().isEmpty()) {
            node.put("annotated", Base64Text.encode(result.getAnnotated().toByteArray()));
        }
        return node;
    }

    private static ObjectNode detection(Detection detection) {
        ObjectNode node = StrictJson.newObject()
                .put("class", detection.getClassName())
                .put("class_id", detection.getClassId())
                .put("score", detection.getScore());
        node.putArray("box")
                .add(detection.getBox().getX1())
                .add(detection.getBox().getY1())
                .add(detection.getBox().getX2())
                .add(detection.getBox().getY2());
        if (detection.hasTrackId()) {
            node.put("track_id", detection.getTrackId());
        }
        if (detection.getZonesCount() > 0) {
            ArrayNode zones = node.putArray("zones");
            detection.getZonesList().forEach(zones::add);
        }
        if (!detection.getName().isEmpty()) {
            node.put("name", detection.getName()).put("similarity", detection.getSimilarity());
        }
        if (detection.getEmbeddingCount() > 0) {
            ArrayNode embedding = node.putArray("embedding");
            detection.getEmbeddingList().forEach(embedding::add);
        }
        if (!detection.getCrop().isEmpty()) {
            node.put("crop", Base64Text.encode(detection.getCrop().toByteArray()));
        }
        return node;
    }
}
