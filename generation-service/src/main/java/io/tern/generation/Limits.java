package io.tern.generation;

import static io.tern.base.TernException.require;

import io.tern.generation.latent.PictureSize;

/**
 * How much one request may ask of this machine; what a model can do bounds it besides.
 *
 * @param steps of each picture
 * @param pixels of each picture
 * @param pictures of a request
 */
public record Limits(int steps, long pixels, int pictures) {
    /** @throws io.tern.base.TernException INVALID_ARGUMENT with the limit */
    public void check(GenerationRequest request, PictureSize size) {
        require(request.steps() <= steps, "steps", request.steps(), "at most " + steps + " here");
        require(request.pictures() <= pictures, "n", request.pictures(), "at most " + pictures + " here");
        check(size);
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT with the limit */
    public void check(PictureSize size) {
        long asked = (long) size.width() * size.height();
        require(asked <= pixels, "size", size.width() + "x" + size.height(), "at most " + pixels + " pixels here");
    }
}
