package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** The VAE decoder for pictures that are too large to be decoded as a whole: tile by tile, each at the same cost. */
final class TiledDecoder implements LatentPixels {
    private final Arena arena;
    private final LatentDecoder decoder;
    private final TiledMap tiles;
    private final Shape pixels;

    /** @param tiling sides of tiles and overlaps, in pixels */
    TiledDecoder(
            Inference inference,
            Session decoder,
            LatentSpace space,
            PictureSize size,
            Tiling tiling,
            Arena arena,
            Cancellation cancellation) {
        this.arena = arena;
        tiles = tiling.decoding(space, size);
        PictureSize tile =
                new PictureSize(tiles.mappedColumns().tile(), tiles.mappedRows().tile());
        this.decoder = new LatentDecoder(inference, decoder, space, tile, arena, cancellation);
        pixels = Shape.of(1, 3, size.height(), size.width());
    }

    @Override
    public FloatTensor pixels(FloatTensor sample) {
        FloatTensor mapped = FloatTensor.allocate(arena, pixels);
        tiles.run(sample, mapped, decoder::pixels, arena);
        return mapped;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
