package io.tern.generation.latent;

import static io.tern.base.TernException.require;

import io.tern.generation.score.Network;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/**
 * A network that sees a large sample through windows of its own size, which overlap by half; what it says of them is
 * averaged, each counting less towards its ends. Bar-Tal et al. 2023 (MultiDiffusion), eq. 5: they average the samples after
 * a step, which for a step that is linear in what the network says is the same.
 */
public final class Windows implements Network {
    /** A step costs as many runs of the network. */
    private static final int MOST = 1024;

    private final Network network;
    private final TiledMap windows;
    private final FloatTensor averaged;

    /** @param network in the window's size */
    public Windows(Network network, LatentSpace space, PictureSize size, PictureSize window, Arena arena) {
        this.network = network;
        Tiles rows = tiles(size.height(), window.height(), space);
        Tiles columns = tiles(size.width(), window.width(), space);
        windows = new TiledMap(rows, columns, rows, columns);
        averaged = FloatTensor.allocate(arena, space.latents(1, size));
    }

    /**
     * Of a picture that is enlarged: the multiple of what a latent spans that is nearest.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it is smaller than a window, or has too many of them
     */
    public static PictureSize size(LatentSpace space, PictureSize picture, double factor) {
        PictureSize window = space.usual();
        int width = space.enlarged("width", picture.width(), factor, window.width());
        int height = space.enlarged("height", picture.height(), factor, window.height());
        long count = (long) tiles(height, window.height(), space).count()
                * tiles(width, window.width(), space).count();
        require(count <= MOST, "upscale", factor, "a picture of at most " + MOST + " windows of " + window + " pixels");
        return new PictureSize(width, height);
    }

    private static Tiles tiles(int side, int window, LatentSpace space) {
        int latents = window / space.pixels();
        return Tiles.of(side / space.pixels(), latents, latents / 2);
    }

    @Override
    public FloatTensor predict(FloatTensor x, double told) {
        try (Arena window = Arena.ofConfined()) {
            windows.run(x, averaged, cut -> network.predict(cut, told), window);
        }
        return averaged;
    }
}
