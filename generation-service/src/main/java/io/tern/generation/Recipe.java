package io.tern.generation;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that is needed to make one picture again: written into its PNG as the text entry {@code tern}, with the field names
 * of a request.
 *
 * @param modelId id of the model
 * @param modelSha256 of its weights
 * @param request the request; previews and size leave no trace, since they change no pixel
 * @param picture index of the picture within the request
 */
public record Recipe(String modelId, String modelSha256, GenerationRequest request, int picture) {
    /** Keyword of the PNG's text entry. */
    public static final String KEYWORD = "tern";

    /** Raised when the same fields come to mean other pixels. */
    private static final int VERSION = 1;

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
                .put("steps", request.steps())
                .put("sampler", request.sampler())
                .put("guidance_scale", request.guidance());
        StartNoise noise = request.startNoise();
        if (noise != null) {
            json.put("latents", noise.toBase64());
        }
        return json.toString();
    }
}
