package io.tern.text;

/** Texts to the ids of an encoder, which reads them in a frame of ids of its own. Immutable and safe for many threads. */
public interface FramedTokenizer {
    /** Ids of a text without its frame, however long. */
    int[] pieces(String text);

    /** A frame around ids, cut and padded to always as many tokens: padding takes part in the attention. */
    Encoding frame(int[] pieces);

    /** How many ids the frame has before the text's. */
    int frameStart();
}
