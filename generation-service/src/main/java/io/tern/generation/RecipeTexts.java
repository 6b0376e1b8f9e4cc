package io.tern.generation;

import io.tern.base.TernException;
import io.tern.imaging.codec.ImageTexts;
import io.tern.imaging.codec.OutputFormat;
import java.util.Map;

/**
 * What a file says of the making of its picture: entries of a PNG, or the EXIF data of a WebP or JPEG, where the recipe is the
 * description and the words for other programs are the comment, as those programs have it.
 *
 * @param recipe as {@link Recipe#toJson}; empty if it was not made here
 * @param parameters as {@link GenerationParameters}; empty if it says nothing
 */
public record RecipeTexts(String recipe, String parameters) {
    /** In front of a recipe. */
    static final String DESCRIPTION = Recipe.KEYWORD + ":";

    /**
     * @param file of the request's field {@code image}
     * @throws TernException INVALID_ARGUMENT if it is neither PNG, WebP nor JPEG, or is damaged
     */
    public static RecipeTexts of(byte[] file) {
        if (OutputFormat.of("image", file) == OutputFormat.PNG) {
            Map<String, String> texts = ImageTexts.ofPng("image", file);
            return new RecipeTexts(
                    texts.getOrDefault(Recipe.KEYWORD, ""), texts.getOrDefault(GenerationParameters.KEYWORD, ""));
        }
        return ImageTexts.ofExif("image", file)
                .map(text -> new RecipeTexts(recipe(text.description()), text.comment()))
                .orElse(new RecipeTexts("", ""));
    }

    private static String recipe(String description) {
        return description.startsWith(DESCRIPTION) ? description.substring(DESCRIPTION.length()) : "";
    }

    /** The same JSON: outside of texts it is ASCII, and within them any unit of UTF-16 may be written by its number. */
    static String ascii(String json) {
        StringBuilder ascii = new StringBuilder(json.length());
        json.chars().forEach(c -> ascii.append(c < 0x80 ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return ascii.toString();
    }
}
