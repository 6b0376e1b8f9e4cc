package io.tern.generation.latent;

/**
 * When pictures are encoded and decoded in tiles, and in which.
 *
 * @param mostWholePixels up to here a picture is taken as a whole
 * @param tile side of a tile in pixels, a multiple of what a latent spans
 * @param overlap of neighbouring tiles in pixels, likewise
 */
record Tiling(long mostWholePixels, int tile, int overlap) {
    /** A decoder of Stable Diffusion takes 10 KB and more for each pixel; 1024 x 1024 is what the larger models draw. */
    static final Tiling LARGE_PICTURES = new Tiling(1024 * 1024, 512, 128);

    boolean applies(PictureSize size) {
        return (long) size.width() * size.height() > mostWholePixels;
    }

    /** From latents to pixels. */
    TiledMap decoding(LatentSpace space, PictureSize size) {
        Tiles rows = latents(space, size, size.height());
        Tiles columns = latents(space, size, size.width());
        return new TiledMap(rows, columns, rows.times(space.pixels()), columns.times(space.pixels()));
    }

    /** From pixels to latents. */
    TiledMap encoding(LatentSpace space, PictureSize size) {
        Tiles rows = latents(space, size, size.height());
        Tiles columns = latents(space, size, size.width());
        return new TiledMap(rows.times(space.pixels()), columns.times(space.pixels()), rows, columns);
    }

    /** One tile alone where the picture is taken as a whole. */
    private Tiles latents(LatentSpace space, PictureSize size, int pixels) {
        int length = pixels / space.pixels();
        return applies(size)
                ? Tiles.of(length, tile / space.pixels(), overlap / space.pixels())
                : new Tiles(length, length, 0);
    }
}
