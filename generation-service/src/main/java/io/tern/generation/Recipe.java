package io.tern.generation;

import io.tern.base.TernException;
import io.tern.generation.prompt.PromptSyntax;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that is needed to make one picture again: written into its file, a PNG as the text entry {@code tern}, with the field names
 * of a request.
 *
 * @param modelId id of the model
 * @param modelSha256 of its weights
 * @param request the request, in the size that it was drawn in; previews leave no trace, since they change no pixel
 * @param picture index of the picture within the request
 */
public record Recipe(String modelId, String modelSha256, GenerationRequest request, int picture) {
    /** Keyword of a PNG's text entry. */
    public static final String KEYWORD = "tern";

    /** Raised when the same fields come to mean other pixels. */
    static final int VERSION = 1;

    /** One line of JSON; the same recipe always gives the same text. */
    public String toJson() {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("version", VERSION)
                .put("model", modelId)
                .put("sha256", modelSha256)
                .put("prompt", request.prompt())
                .put("negative_prompt", request.negativePrompt())
                .put("seed", request.seed())
                .put("index", picture)
                .put("width", request.width().orElseThrow())
                .put("height", request.height().orElseThrow())
                .put("steps", request.steps())
                .put("guidance_scale", request.guidance().weight());
        if (request.syntax() != PromptSyntax.PLAIN) {
            json.put("prompt_weighting", request.syntax().label());
        }
        if (request.guidance().rescale() > 0) {
            json.put("guidance_rescale", request.guidance().rescale());
        }
        request.difficulty().ifPresent(difficulty -> json.put("difficulty", difficulty));
        request.method()
                .settings()
                .forEach((field, value) -> json.set(field, JsonMapper.shared().valueToTree(value)));
        StartNoise noise = request.startNoise();
        if (noise != null) {
            json.put("latents", noise.toBase64());
        }
        SourcePicture source = request.source();
        if (source != null) {
            json.put("strength", source.strength()).put("image", source.png());
            source.upscale().ifPresent(factor -> json.put("upscale", factor));
            if (source.mask() != null) {
                json.put("mask", source.mask().png());
            }
        }
        return json.toString();
    }

    /**
     * The recipe that a picture made here carries.
     *
     * @param file of the request's field {@code image}
     * @throws TernException INVALID_ARGUMENT if there is none, or none that this version can follow
     */
    public static Recipe of(byte[] file) {
        String text = RecipeTexts.of(file).recipe();
        if (text.isEmpty()) {
            throw TernException.invalid(
                    "image", "a picture without recipe", "one that was made here, which carries its recipe");
        }
        return RecipeReader.read(text);
    }
}
