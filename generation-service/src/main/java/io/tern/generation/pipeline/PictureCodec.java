package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import java.lang.foreign.Arena;

/** How the samples of a model become pictures, and pictures samples. Safe for many threads. */
interface PictureCodec extends AutoCloseable {
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
