package io.tern.generation;

import io.tern.imaging.Picture;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A recipe as the image programs of others write it into a PNG and show it: prompt, negative prompt, and a line of settings.
 * The format is that of A1111's web UI. It is for people; {@link Recipe} is what replays.
 */
public final class GenerationParameters {
    /** Keyword of the PNG's text entry. */
    public static final String KEYWORD = "parameters";

    private static final int SHOWN_HASH_CHARACTERS = 10;

    private GenerationParameters() {}

    private static String sde(Map<String, Object> method) {
        return String.valueOf(method.get("sde")).replaceAll("[{},]", "");
    }

    static String of(Recipe recipe, Picture image) {
        GenerationRequest request = recipe.request();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("Steps", request.steps());
        Map<String, Object> method = request.method().settings();
        settings.put("Sampler", method.containsKey("sde") ? "SDE " + sde(method) : method.get("sampler"));
        if (method.containsKey("schedule")) {
            settings.put("Schedule type", method.get("schedule"));
        }
        settings.put("CFG scale", request.guidance().weight());
        if (request.guidance().rescale() > 0) {
            settings.put("CFG rescale", request.guidance().rescale());
        }
        request.difficulty().ifPresent(difficulty -> settings.put("Difficulty", difficulty));
        settings.put("Seed", request.seed());
        if (recipe.picture() > 0) {
            settings.put("Picture", recipe.picture());
        }
        settings.put("Size", image.width() + "x" + image.height());
        settings.put("Model hash", recipe.modelSha256().substring(0, SHOWN_HASH_CHARACTERS));
        settings.put("Model", recipe.modelId());
        SourcePicture source = request.source();
        if (source != null) {
            settings.put("Denoising strength", source.strength());
        }
        String negative = request.negativePrompt().isEmpty() ? "" : "\nNegative prompt: " + request.negativePrompt();
        return request.prompt()
                + negative
                + "\n"
                + settings.entrySet().stream()
                        .map(setting -> setting.getKey() + ": " + setting.getValue())
                        .collect(Collectors.joining(", "));
    }
}
