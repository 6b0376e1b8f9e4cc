package io.tern.wire.images;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GenerateResponse;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.Preview;
import io.tern.generation.v1.Progress;
import io.tern.generation.v1.Sde;
import io.tern.wire.DataUri;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/images/...}. */
public final class ImagesJson {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})x([0-9]{1,6})");

    private ImagesJson() {}

    /**
     * {@code /v1/images/generations}; with {@code image} it starts from that picture, as a job of an edit does.
     *
     * @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported
     */
    public static ImagesRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        request.setPrompt(fields.text("prompt").orElseThrow(() -> fields.invalid("prompt", "string")));
        DataUri.picture(fields, "image").ifPresent(request::setImage);
        DataUri.picture(fields, "mask").ifPresent(request::setMask);
        return read(fields, request);
    }

    /** {@code /v1/images/edits} as JSON: the same, with a picture. */
    public static ImagesRequest edit(ObjectNode body) {
        if (!body.has("image")) {
            throw Fields.of(body).invalid("image", DataUri.EXPECTED);
        }
        return request(body);
    }

    /**
     * {@code /v1/images/edits} as a form.
     *
     * @param fields the form's fields but its files
     * @param images the files called {@code image}, of which there must be one
     * @param masks the files called {@code mask}, of which there may be one
     * @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported
     */
    public static ImagesRequest edit(Map<String, String> fields, List<ByteString> images, List<ByteString> masks) {
        Fields form = Fields.form(fields);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        request.setPrompt(form.text("prompt").orElseThrow(() -> form.invalid("prompt", "string")));
        readOnly(form, "mask", masks, true).ifPresent(request::setMask);
        return ofPicture(form, images, request);
    }

    /** {@code /v1/images/variations} as a form: as an edit, but for the prompt, which may be left out. */
    public static ImagesRequest variation(Map<String, String> fields, List<ByteString> images) {
        Fields form = Fields.form(fields);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        form.text("prompt").ifPresent(request::setPrompt);
        return ofPicture(form, images, request);
    }

    /** {@code /v1/images/replay} as a form: the picture alone. */
    public static ByteString replay(Map<String, String> fields, List<ByteString> images) {
        Fields form = Fields.form(fields);
        form.refuseUnknown();
        return readOnly(form, "image", images, false).orElseThrow();
    }

    private static ImagesRequest ofPicture(Fields fields, List<ByteString> images, GenerateRequest.Builder request) {
        readOnly(fields, "image", images, false).ifPresent(request::setImage);
        return read(fields, request);
    }

    private static Optional<ByteString> readOnly(
            Fields fields, String name, List<ByteString> files, boolean mayBeAbsent) {
        if (files.isEmpty() && !mayBeAbsent) {
            throw fields.invalid(name, "a file");
        }
        if (files.size() > 1) {
            throw TernException.invalid(name, files.size() + " files", "one");
        }
        return files.stream().findFirst();
    }

    private static ImagesRequest read(Fields fields, GenerateRequest.Builder request) {
        fields.text("model").ifPresent(request::setModel);
        fields.text("negative_prompt").ifPresent(request::setNegativePrompt);
        chosen(fields, "prompt_weighting").ifPresent(request::setPromptWeighting);
        readSize(fields, request);
        fields.seed("seed").ifPresent(request::setSeed);
        fields.int32("steps").ifPresent(request::setSteps);
        fields.number("guidance_scale").ifPresent(request::setGuidanceScale);
        fields.number("guidance_rescale").ifPresent(request::setGuidanceRescale);
        fields.number("strength").ifPresent(request::setStrength);
        fields.number("difficulty").ifPresent(request::setDifficulty);
        fields.number("upscale").ifPresent(request::setUpscale);
        chosen(fields, "sampler").ifPresent(request::setSampler);
        chosen(fields, "schedule").ifPresent(request::setSchedule);
        chosen(fields, "spacing").ifPresent(request::setSpacing);
        fields.number("eta").ifPresent(request::setEta);
        fields.object("sde").map(ImagesJson::sde).ifPresent(request::setSde);
        fields.base64("latents").ifPresent(latents -> request.setLatents(given(fields, latents)));
        fields.int32("n").ifPresent(request::setN);
        fields.int32("first_index").ifPresent(request::setFirstIndex);
        fields.int32("preview_every").ifPresent(request::setPreviewEvery);
        fields.int32("partial_images").ifPresent(request::setPartialImages);
        chosen(fields, "output_format").ifPresent(request::setOutputFormat);
        fields.int32("output_compression").ifPresent(request::setOutputCompression);
        boolean stream = fields.flag("stream").orElse(false);
        boolean asUrls = readResponseFormat(fields, stream);
        readWhatChangesNothing(fields);
        fields.refuseUnknown();
        return new ImagesRequest(request.build(), stream, asUrls);
    }

    /** Empty is not absent: nobody would learn that the default was taken. */
    private static Optional<String> chosen(Fields fields, String name) {
        Optional<String> text = fields.text(name);
        if (text.filter(String::isEmpty).isPresent()) {
            throw TernException.invalid(fields.path(name), "empty", "a name, or absent for the default");
        }
        return text;
    }

    private static ByteString given(Fields fields, byte[] latents) {
        TernException.require(
                latents.length > 0, fields.path("latents"), "empty", "base64 of float32 values, or absent");
        return ByteString.copyFrom(latents);
    }

    private static boolean readResponseFormat(Fields fields, boolean stream) {
        if (stream) { // events hold the picture, as OpenAI's do
            fields.onlyNeutral("response_format", "b64_json");
            return false;
        }
        fields.onlyNeutral("response_format", "b64_json", "url");
        return fields.text("response_format").filter("url"::equals).isPresent();
    }

    /** An OpenAI images object; our addition is each picture's seed. */
    public static ObjectNode answer(List<GeneratedImage> images, long createdSeconds) {
        return answer(
                images,
                createdSeconds,
                (image, node) -> node.put("b64_json", PictureFile.of(image).base64()));
    }

    /** The same with links in place of the pictures. */
    public static ObjectNode answerWithUrls(
            List<GeneratedImage> images, long createdSeconds, Function<GeneratedImage, String> url) {
        return answer(images, createdSeconds, (image, node) -> node.put("url", url.apply(image)));
    }

    private static ObjectNode answer(
            List<GeneratedImage> images, long createdSeconds, BiConsumer<GeneratedImage, ObjectNode> picture) {
        ObjectNode node = StrictJson.newObject().put("created", createdSeconds);
        images.stream().findFirst().ifPresent(image -> {
            node.put("model", image.getModel());
            node.put("size", image.getWidth() + "x" + image.getHeight());
            node.put("output_format", PictureFile.of(image).format());
        });
        ArrayNode data = node.putArray("data");
        images.forEach(image -> {
            ObjectNode entry = data.addObject();
            picture.accept(image, entry);
            entry.put("seed", image.getSeed()).put("index", image.getIndex());
        });
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
        return picture("image_generation.partial_image", PictureFile.of(preview), createdSeconds)
                .put("partial_image_index", preview.getNumber())
                .put("size", "auto")
                .put("step", preview.getStep())
                .put("index", preview.getIndex());
    }

    private static ObjectNode completed(GeneratedImage image, long createdSeconds) {
        ObjectNode node = picture("image_generation.completed", PictureFile.of(image), createdSeconds)
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

    private static ObjectNode picture(String type, PictureFile file, long createdSeconds) {
        return StrictJson.newObject()
                .put("type", type)
                .put("b64_json", file.base64())
                .put("created_at", createdSeconds)
                .put("background", "opaque")
                .put("quality", "auto")
                .put("output_format", file.format());
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

    private static Sde sde(Fields fields) {
        Sde.Builder sde = Sde.newBuilder();
        sde.setType(fields.text("type").orElseThrow(() -> fields.invalid("type", "vp, ve, subvp")));
        chosen(fields, "predictor").ifPresent(sde::setPredictor);
        chosen(fields, "corrector").ifPresent(sde::setCorrector);
        fields.number("snr").ifPresent(sde::setSnr);
        fields.int32("corrector_steps").ifPresent(sde::setCorrectorSteps);
        fields.flag("ode").ifPresent(sde::setOde);
        fields.number("rtol").ifPresent(sde::setRtol);
        fields.number("atol").ifPresent(sde::setAtol);
        fields.refuseUnknown();
        return sde.build();
    }

    private static void readWhatChangesNothing(Fields fields) {
        fields.text("user");
        fields.text("safety_identifier");
        fields.onlyNeutral("background", "auto", "opaque");
        fields.onlyNeutral("moderation", "auto", "low");
        fields.onlyNeutral("quality", "auto", "standard");
        fields.onlyNeutral("style", "natural", "vivid");
        fields.onlyNeutral("input_fidelity", "low");
    }
}
