package io.tern.wire;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.Preview;
import io.tern.generation.v1.Progress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/images/generations}. */
public final class ImagesJson {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})x([0-9]{1,6})");

    private ImagesJson() {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static ImagesRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        fields.text("model").ifPresent(request::setModel);
        request.setPrompt(fields.text("prompt").orElseThrow(() -> fields.invalid("prompt", "string")));
        fields.text("negative_prompt").ifPresent(request::setNegativePrompt);
        readSize(fields, request);
        fields.int64("seed").ifPresent(request::setSeed);
        fields.int32("steps").ifPresent(request::setSteps);
        fields.number("guidance_scale").ifPresent(request::setGuidanceScale);
        fields.text("sampler").ifPresent(request::setSampler);
        fields.base64("latents").map(ByteString::copyFrom).ifPresent(request::setLatents);
        fields.int32("n").ifPresent(request::setN);
        fields.int32("preview_every").ifPresent(request::setPreviewEvery);
        fields.int32("partial_images").ifPresent(request::setPartialImages);
        boolean stream = fields.flag("stream").orElse(false);
        readWhatChangesNothing(fields);
        fields.refuse("schedule", "sde");
        fields.refuseUnknown();
        return new ImagesRequest(request.build(), stream);
    }

    /** An OpenAI images object; our addition is each picture's seed. */
    public static ObjectNode answer(List<GeneratedImage> images, long createdSeconds) {
        ObjectNode node = StrictJson.newObject().put("created", createdSeconds);
        images.stream().findFirst().ifPresent(image -> {
            node.put("model", image.getModel());
            node.put("size", image.getWidth() + "x" + image.getHeight());
        });
        node.put("output_format", "png");
        ArrayNode data = node.putArray("data");
        images.forEach(image -> data.addObject()
                .put("b64_json", Base64Text.encode(image.getPng().toByteArray()))
                .put("seed", image.getSeed())
                .put("index", image.getIndex()));
        return node;
    }

    /** One event of a stream; its {@code type} is also the event's name. Empty for an event of a later version. */
    public static Optional<ObjectNode> event(GenerateResponse event, long createdSeconds) {
        return switch (event.getEventCase()) {
            case PROGRESS -> Optional.of(progress(event.getProgress()));
            case PREVIEW -> Optional.of(partial(event.getPreview(), createdSeconds));
            case IMAGE -> Optional.of(completed(event.getImage(), createdSeconds));
            case EVENT_NOT_SET -> Optional.empty();
        };
    }

    private static ObjectNode progress(Progress progress) {
        return StrictJson.newObject()
                .put("type", "image_generation.progress")
                .put("step", progress.getStep())
                .put("steps", progress.getSteps())
                .put("index", progress.getIndex());
    }

    private static ObjectNode partial(Preview preview, long createdSeconds) {
        return picture("image_generation.partial_image", preview.getPng(), createdSeconds)
                .put("partial_image_index", preview.getNumber())
                .put("size", "auto")
                .put("step", preview.getStep())
                .put("index", preview.getIndex());
    }

    private static ObjectNode completed(GeneratedImage image, long createdSeconds) {
        ObjectNode node = picture("image_generation.completed", image.getPng(), createdSeconds)
                .put("size", image.getWidth() + "x" + image.getHeight())
                .put("seed", image.getSeed())
                .put("index", image.getIndex())
                .put("model", image.getModel());
        // Required by OpenAI's type; this server counts no tokens for pictures.
        ObjectNode usage = node.putObject("usage")
                .put("input_tokens", 0)
                .put("output_tokens", 0)
                .put("total_tokens", 0);
        usage.putObject("input_tokens_details").put("image_tokens", 0).put("text_tokens", 0);
        return node;
    }

    private static ObjectNode picture(String type, ByteString png, long createdSeconds) {
        return StrictJson.newObject()
                .put("type", type)
                .put("b64_json", Base64Text.encode(png.toByteArray()))
                .put("created_at", createdSeconds)
                .put("background", "opaque")
                .put("quality", "auto")
                .put("output_format", "png");
    }

    private static void readSize(Fields fields, GenerateRequest.Builder request) {
        fields.text("size").filter(size -> !size.equals("auto")).ifPresent(size -> {
            Matcher matcher = SIZE.matcher(size);
            if (!matcher.matches()) {
                throw fields.invalid("size", "\"auto\" or \"WIDTHxHEIGHT\"");
            }
            request.setWidth(Integer.parseInt(matcher.group(1)));
            request.setHeight(Integer.parseInt(matcher.group(2)));
        });
    }

    private static void readWhatChangesNothing(Fields fields) {
        fields.accept("user", "safety_identifier");
        fields.onlyNeutral("response_format", "b64_json");
        fields.onlyNeutral("output_format", "png");
        fields.onlyNeutral("output_compression", 100);
        fields.onlyNeutral("background", "auto", "opaque");
        fields.onlyNeutral("moderation", "auto", "low");
        fields.onlyNeutral("quality", "auto", "standard");
        fields.onlyNeutral("style", "natural", "vivid");
    }
}
