package io.tern.wire.images;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GeneratedImage;
import io.tern.model.v1.Model;
import io.tern.wire.Base64Text;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /sdapi/v1}: the API of A1111's web UI, which image clients speak. Its many switches are accepted where they ask
 * for what is done anyway, and refused by name else.
 */
public final class WebUiJson {
    /** Pictures on the way are for {@code progress}, which clients ask for every second or so. */
    private static final int PREVIEW_EVERY = 5;

    /** The schedule that goes with the sampler. */
    private static final String AUTOMATIC = "automatic";

    private static final double DEFAULT_STRENGTH = 0.75;
    private static final int DEFAULT_STEPS = 50;
    private static final double DEFAULT_GUIDANCE = 7;

    private WebUiJson() {}

    /**
     * {@code txt2img}.
     *
     * @param model the one that was chosen by {@code options}; empty for the default
     * @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported
     */
    public static GenerateRequest textToImage(ObjectNode body, String model) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        fields.onlyNeutral("enable_hr", false);
        fields.accept("hr_scale", "hr_upscaler", "hr_second_pass_steps", "hr_resize_x", "hr_resize_y");
        fields.accept("firstphase_width", "firstphase_height", "denoising_strength");
        return read(fields, request, model);
    }

    /** {@code img2img}, with or without a mask. */
    public static GenerateRequest imageToImage(ObjectNode body, String model) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        List<String> images = fields.texts("init_images");
        if (images.size() != 1) {
            throw TernException.invalid("init_images", images.size() + " pictures", "one");
        }
        request.setImage(picture(fields, "init_images", images.getFirst()));
        fields.text("mask").ifPresent(mask -> request.setMask(picture(fields, "mask", mask)));
        request.setStrength(fields.number("denoising_strength").orElse(DEFAULT_STRENGTH));
        fields.onlyNeutral("inpainting_mask_invert", 0);
        fields.onlyNeutral("inpaint_full_res", false);
        fields.onlyNeutral("resize_mode", 0);
        fields.accept("include_init_images", "mask_blur", "mask_blur_x", "mask_blur_y", "inpainting_fill");
        fields.accept("inpaint_full_res_padding", "initial_noise_multiplier", "image_cfg_scale");
        return read(fields, request, model);
    }

    private static GenerateRequest read(Fields fields, GenerateRequest.Builder request, String model) {
        request.setPrompt(fields.text("prompt").orElse(""))
                .setPromptWeighting("a1111")
                .setModel(chosen(fields).orElse(model));
        fields.text("negative_prompt").ifPresent(request::setNegativePrompt);
        fields.seed("seed").ifPresent(request::setSeed);
        request.setSteps(fields.int32("steps").orElse(DEFAULT_STEPS));
        request.setGuidanceScale(fields.number("cfg_scale").orElse(DEFAULT_GUIDANCE));
        fields.int32("width").ifPresent(request::setWidth);
        fields.int32("height").ifPresent(request::setHeight);
        fields.text("sampler_name").or(() -> fields.text("sampler_index")).ifPresent(request::setSampler);
        fields.text("scheduler")
                .filter(schedule -> !schedule.equalsIgnoreCase(AUTOMATIC))
                .ifPresent(request::setSchedule);
        long pictures = (long) fields.int32("batch_size").orElse(1)
                * fields.int32("n_iter").orElse(1);
        request.setN((int) Math.clamp(pictures, Integer.MIN_VALUE, Integer.MAX_VALUE))
                .setPreviewEvery(PREVIEW_EVERY);
        fields.number("eta").ifPresent(request::setEta);
        readSwitches(fields);
        fields.refuseUnknown();
        return request.build();
    }

    private static void readSwitches(Fields fields) {
        fields.onlyNeutral("subseed_strength", 0, 0.0);
        fields.onlyNeutral("s_churn", 0, 0.0);
        fields.onlyNeutral("s_tmin", 0, 0.0);
        fields.onlyNeutral("s_noise", 1, 1.0);
        fields.onlyNeutral("s_min_uncond", 0, 0.0);
        fields.onlyNeutral("restore_faces", false);
        fields.onlyNeutral("tiling", false);
        fields.onlyNeutral("send_images", true);
        fields.onlyNeutral("save_images", false);
        fields.refuse("styles", "script_name", "script_args", "alwayson_scripts", "refiner_checkpoint", "infotext");
        fields.accept(
                "s_tmax",
                "subseed",
                "seed_resize_from_h",
                "seed_resize_from_w",
                "do_not_save_samples",
                "do_not_save_grid");
        fields.accept("override_settings_restore_afterwards", "disable_extra_networks", "comments", "force_task_id");
    }

    /** A model for this request alone: {@code override_settings.sd_model_checkpoint}. */
    private static Optional<String> chosen(Fields fields) {
        return fields.object("override_settings").flatMap(settings -> {
            Optional<String> model = settings.text("sd_model_checkpoint");
            settings.refuseUnknown();
            return model;
        });
    }

    /** Base64, with or without the head of a data: URI. */
    static ByteString picture(Fields fields, String name, String text) {
        byte[] bytes = Base64Text.decode(text, text.startsWith("data:") ? text.indexOf(',') + 1 : 0);
        if (bytes == null || bytes.length == 0) {
            throw TernException.invalid(fields.path(name), "not one", "a picture in base64");
        }
        return ByteString.copyFrom(bytes);
    }

    /** @param body of the request, which the API sends back */
    public static ObjectNode answer(List<GeneratedImage> images, GenerateRequest request, ObjectNode body) {
        ObjectNode node = StrictJson.newObject();
        ArrayNode pictures = node.putArray("images");
        images.forEach(image -> pictures.add(Base64Text.encode(image.getPng().toByteArray())));
        node.set("parameters", body);
        return node.put("info", info(images, request).toString());
    }

    private static ObjectNode info(List<GeneratedImage> images, GenerateRequest request) {
        ObjectNode info = StrictJson.newObject()
                .put("prompt", request.getPrompt())
                .put("negative_prompt", request.getNegativePrompt())
                .put("steps", request.getSteps())
                .put("cfg_scale", request.getGuidanceScale())
                .put("sampler_name", request.getSampler())
                .put("batch_size", request.getN());
        images.stream()
                .findFirst()
                .ifPresent(image -> info.put("seed", image.getSeed())
                        .put("width", image.getWidth())
                        .put("height", image.getHeight())
                        .put("sd_model_name", image.getModel()));
        ArrayNode texts = info.putArray("infotexts");
        ArrayNode seeds = info.putArray("all_seeds");
        images.forEach(image -> {
            texts.add(image.getParameters());
            seeds.add(image.getSeed());
        });
        return info;
    }

    /** The model that {@code options} chooses, if it does. */
    public static Optional<String> chosenModel(ObjectNode body) {
        Fields fields = Fields.of(body);
        Optional<String> model = fields.text("sd_model_checkpoint");
        fields.refuseUnknown();
        return model;
    }

    public static ArrayNode models(List<Model> models) {
        ArrayNode list = StrictJson.newArray();
        models.forEach(model -> list.addObject()
                .put("title", model.getId())
                .put("model_name", model.getId())
                .put(
                        "hash",
                        model.getSha256()
                                .substring(0, Math.min(10, model.getSha256().length())))
                .put("sha256", model.getSha256())
                .put("filename", model.getId())
                .putNull("config"));
        return list;
    }

    public static ArrayNode samplers(List<String> names) {
        ArrayNode list = StrictJson.newArray();
        names.forEach(name -> {
            ObjectNode sampler = list.addObject().put("name", name);
            sampler.putArray("aliases").add(name);
            sampler.putObject("options");
        });
        return list;
    }

    /** @param names of the schedules that requests may name */
    public static ArrayNode schedulers(List<String> names) {
        ArrayNode list = StrictJson.newArray();
        Stream.concat(Stream.of(AUTOMATIC), names.stream())
                .forEach(name -> list.addObject()
                        .put("name", name)
                        .put(
                                "label",
                                Character.toUpperCase(name.charAt(0))
                                        + name.substring(1).replace('_', ' '))
                        .putNull("aliases")
                        .put("default_rho", -1.0)
                        .put("need_inner_model", false));
        return list;
    }

    /** The picture of {@code png-info}, which is a PNG in name only. */
    public static ByteString png(ObjectNode body) {
        Fields fields = Fields.of(body);
        String image = fields.text("image").orElseThrow(() -> fields.invalid("image", "a PNG, WebP or JPEG in base64"));
        fields.refuseUnknown();
        return picture(fields, "image", image);
    }

    /** What a picture says of itself. */
    public static ObjectNode pngInfo(String parameters, JsonNode recipe) {
        ObjectNode node = StrictJson.newObject().put("info", parameters);
        node.putObject("items").put("parameters", parameters);
        node.set("parameters", recipe);
        return node;
    }
}
