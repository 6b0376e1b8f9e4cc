package io.tern.generation;

import io.tern.base.TernException;
import io.tern.generation.continuous.ContinuousMethod;
import io.tern.generation.prompt.PromptSyntax;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.score.Guidance;
import io.tern.imaging.codec.ImageDecoder;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@link Recipe#toJson} writes. A field that it does not know could change pixels, so it is refused. */
final class RecipeReader {
    private static final Set<String> FIELDS = Set.of(
            "version",
            "model",
            "sha256",
            "prompt",
            "negative_prompt",
            "prompt_weighting",
            "seed",
            "index",
            "width",
            "height",
            "steps",
            "sampler",
            "schedule",
            "spacing",
            "eta",
            "sde",
            "guidance_scale",
            "guidance_rescale",
            "difficulty",
            "latents",
            "strength",
            "upscale",
            "image",
            "mask");

    private final JsonNode json;

    private RecipeReader(JsonNode json) {
        this.json = json;
    }

    /** @throws TernException INVALID_ARGUMENT */
    static Recipe read(String text) {
        return new RecipeReader(parse(text)).recipe();
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException _) {
            // refused below
        }
        throw TernException.invalid("image", "a recipe that is no JSON object", "a recipe as it was written here");
    }

    private Recipe recipe() {
        if (number("version") != Recipe.VERSION) {
            throw TernException.invalid(
                    "image", "a recipe of version " + number("version"), "version " + Recipe.VERSION);
        }
        for (String field : json.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw TernException.invalid("image", "a recipe with the field " + field, "fields of " + FIELDS);
            }
        }
        int index = small("index");
        GenerationRequest request = new GenerationRequest(
                text("prompt"),
                text("negative_prompt"),
                json.has("prompt_weighting") ? PromptSyntax.named(text("prompt_weighting")) : PromptSyntax.PLAIN,
                OptionalInt.of(small("width")),
                OptionalInt.of(small("height")),
                number("seed"),
                small("steps"),
                new Guidance(
                        fraction("guidance_scale"), json.has("guidance_rescale") ? fraction("guidance_rescale") : 0),
                json.has("difficulty") ? OptionalDouble.of(fraction("difficulty")) : OptionalDouble.empty(),
                method(),
                index,
                1,
                PreviewPlan.none(),
                json.has("latents") ? StartNoise.parse(bytes("latents")) : null,
                source());
        return new Recipe(text("model"), text("sha256"), request, index);
    }

    private SamplingMethod method() {
        JsonNode sde = json.path("sde");
        if (sde.isObject()) {
            return ContinuousMethod.of(
                    sde.path("type").asString(""),
                    sde.path("predictor").asString(""),
                    sde.path("corrector").asString(""),
                    sde.path("snr").asDouble(Double.NaN),
                    sde.path("corrector_steps").asInt(0),
                    sde.path("ode").asBoolean(false),
                    sde.path("rtol").asDouble(Double.NaN),
                    sde.path("atol").asDouble(Double.NaN));
        }
        return GridMethod.of(
                text("sampler"),
                json.has("schedule") ? text("schedule") : "",
                json.has("spacing") ? text("spacing") : "",
                json.has("eta") ? fraction("eta") : Double.NaN);
    }

    private @Nullable SourcePicture source() {
        return json.has("image")
                ? new SourcePicture(
                        ImageDecoder.decode(bytes("image")),
                        json.has("mask") ? Mask.parse(bytes("mask")) : null,
                        fraction("strength"),
                        json.has("upscale") ? OptionalDouble.of(fraction("upscale")) : OptionalDouble.empty())
                : null;
    }

    private String text(String field) {
        JsonNode value = json.path(field);
        if (!value.isString()) {
            throw refused(field, "a text");
        }
        return value.stringValue();
    }

    private long number(String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw refused(field, "a whole number");
        }
        return value.longValue();
    }

    /** What is larger than an int is larger than all that is allowed. */
    private int small(String field) {
        return (int) Math.clamp(number(field), -1, Integer.MAX_VALUE);
    }

    private double fraction(String field) {
        JsonNode value = json.path(field);
        if (!value.isNumber()) {
            throw refused(field, "a number");
        }
        return value.doubleValue();
    }

    private byte[] bytes(String field) {
        try {
            return json.path(field).binaryValue();
        } catch (JacksonException _) {
            throw refused(field, "base64");
        }
    }

    private static TernException refused(String field, String expected) {
        return TernException.invalid("image", "a recipe without " + field, expected);
    }
}
