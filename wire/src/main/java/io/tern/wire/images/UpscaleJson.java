package io.tern.wire.images;

import com.google.protobuf.ByteString;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.ResizeRequest;
import io.tern.model.v1.Model;
import io.tern.wire.Base64Text;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /sdapi/v1/extra-single-image}: a picture enlarged, by a filter, or by a model of pictures, whose id is the name of
 * the upscaler and which draws it over.
 */
public final class UpscaleJson {
    /** As A1111's web UI leaves a picture. */
    private static final String NONE = "None";

    private static final Map<String, String> FILTERS =
            new TreeMap<>(Map.of("Lanczos", "lanczos", "Nearest", "nearest"));
    private static final double DEFAULT_FACTOR = 2;

    private UpscaleJson() {}

    /** Who is to be asked. */
    public sealed interface Question {
        record Resize(ResizeRequest request) implements Question {}

        record Draw(GenerateRequest request) implements Question {}
    }

    /**
     * Beside the fields of A1111's web UI a model takes {@code prompt}, {@code denoising_strength} and {@code seed}.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported
     */
    public static Question question(ObjectNode body) {
        Fields fields = Fields.of(body);
        String text = fields.text("image").orElseThrow(() -> fields.invalid("image", "a picture in base64"));
        ByteString image = WebUiJson.picture(fields, "image", text);
        String upscaler = fields.text("upscaler_1").orElse(NONE);
        double factor = fields.number("upscaling_resize").orElse(DEFAULT_FACTOR);
        Question question = upscaler.equals(NONE) || FILTERS.containsKey(upscaler)
                ? new Question.Resize(resize(image, upscaler, factor))
                : new Question.Draw(draw(fields, image, upscaler, factor));
        fields.onlyNeutral("resize_mode", 0);
        fields.onlyNeutral("upscaler_2", NONE, "");
        fields.onlyNeutral("extras_upscaler_2_visibility", 0, 0.0);
        fields.onlyNeutral("gfpgan_visibility", 0, 0.0);
        fields.onlyNeutral("codeformer_visibility", 0, 0.0);
        fields.accept("codeformer_weight", "upscale_first", "show_extras_results");
        fields.accept("upscaling_resize_w", "upscaling_resize_h", "upscaling_crop");
        fields.refuseUnknown();
        return question;
    }

    private static ResizeRequest resize(ByteString image, String upscaler, double factor) {
        return ResizeRequest.newBuilder()
                .setImage(image)
                .setFactor(upscaler.equals(NONE) ? 1 : factor)
                .setFilter(FILTERS.getOrDefault(upscaler, ""))
                .build();
    }

    private static GenerateRequest draw(Fields fields, ByteString image, String model, double factor) {
        GenerateRequest.Builder request =
                GenerateRequest.newBuilder().setModel(model).setImage(image).setUpscale(factor);
        fields.text("prompt").ifPresent(request::setPrompt);
        fields.number("denoising_strength").ifPresent(request::setStrength);
        fields.seed("seed").ifPresent(request::setSeed);
        return request.build();
    }

    public static ObjectNode answer(ByteString png) {
        return StrictJson.newObject().put("html_info", "").put("image", Base64Text.encode(png.toByteArray()));
    }

    /** {@code upscalers}: the filters, and the models of pictures. */
    public static ArrayNode upscalers(List<Model> models) {
        ArrayNode list = StrictJson.newArray();
        Stream.of(Stream.of(NONE), FILTERS.keySet().stream(), models.stream().map(Model::getId))
                .flatMap(names -> names)
                .forEach(name -> list.addObject()
                        .put("name", name)
                        .putNull("model_name")
                        .putNull("model_path")
                        .putNull("model_url")
                        .put("scale", 4));
        return list;
    }
}
