package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.generation.graph.Inference;
import io.tern.imaging.RgbImage;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** How the samples of a model become pictures, and pictures samples. Safe for many threads. */
public interface PictureCodec extends AutoCloseable {
    /** Of a latent diffusion model. @param encodes whether there is an encoder */
    static PictureCodec ofLatents(Path folder, LatentSpace space, boolean encodes, Inference inference) {
        return VaeCodec.load(folder, space, encodes, inference);
    }

    /** Of a model whose samples are the pictures themselves. */
    static PictureCodec ofPixels(LatentSpace space) {
        return new PixelCodec(space);
    }

    /** Of a model whose samples are heights of ground. */
    static PictureCodec ofHeights() {
        return new HeightCodec();
    }

    /** Whether its pictures are of 8-bit colours, and not of 16-bit grey. */
    default boolean drawsColours() {
        return true;
    }

    /** Whether pictures become samples. */
    boolean encodes();

    /**
     * Only where {@link #encodes()}.
     *
     * @return allocated from the arena
     */
    EncodedPicture encode(RgbImage image, Arena arena, Cancellation cancellation);

    /**
     * For the pictures of one request.
     *
     * @param arena shared; owns the memory, and is closed after the decoder
     */
    PictureDecoder open(PictureSize size, Arena arena, Cancellation cancellation);

    @Override
    void close();
}
