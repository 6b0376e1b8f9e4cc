package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.generation.graph.Inference;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** The VAE decoder for pictures that are too large to be decoded as a whole: tile by tile, each at the same cost. */
final class TiledDecoder implements LatentPixels {
    private final LatentDecoder decoder;
    private final TiledMap tiles;
    private final FloatTensor pixels;

    /** @param tiling sides of tiles and overlaps, in pixels */
    TiledDecoder(
            Inference inference,
            Session decoder,
            LatentSpace space,
            PictureSize size,
            Tiling tiling,
            Arena arena,
            Cancellation cancellation) {
        tiles = tiling.decoding(space, size);
        PictureSize tile =
                new PictureSize(tiles.mappedColumns().tile(), tiles.mappedRows().tile());
        this.decoder = new LatentDecoder(inference, decoder, space, tile, arena, cancellation);
        pixels = FloatTensor.allocate(arena, Shape.of(1, 3, size.height(), size.width()));
    }

    @Override
    public FloatTensor pixels(FloatTensor sample) {
        try (Arena tile = Arena.ofConfined()) {
            tiles.run(sample, pixels, decoder::pixels, tile);
        }
        return pixels;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
