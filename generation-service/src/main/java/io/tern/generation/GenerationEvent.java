package io.tern.generation;

import io.tern.imaging.Picture;
import io.tern.imaging.RgbImage;
import io.tern.imaging.png.PngEncoder;
import java.util.Map;

/** What happens while a request runs, in this order for each picture: steps with previews between them, the picture. */
public sealed interface GenerationEvent {
    /** Index of the picture within its request, from 0. */
    int picture();

    /** A step is done, 1..steps. */
    record StepDone(int picture, int step, int steps) implements GenerationEvent {}

    /** How the picture seems to become; previews are numbered from 0. */
    record PreviewReady(int picture, int step, int number, RgbImage image) implements GenerationEvent {}

    /** The picture, which carries its recipe, and the same in the words that other programs read. */
    record PictureReady(int picture, Picture image, Recipe recipe) implements GenerationEvent {
        public byte[] png() {
            return PngEncoder.encode(
                    image, Map.of(Recipe.KEYWORD, recipe.toJson(), GenerationParameters.KEYWORD, parameters()));
        }

        /** The recipe in the words that other programs read. */
        public String parameters() {
            return GenerationParameters.of(recipe, image);
        }
    }
}
