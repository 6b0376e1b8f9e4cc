package io.tern.text.encoder;

import io.tern.text.vocabulary.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts to the ids of an encoder, which reads them in a frame of ids of its own. Immutable and safe for many threads. */
public interface FramedTokenizer {
    /**
     * CLIP's where its two files are, else what tokenizer.json says: CLIP's or WordPiece.
     *
     * @throws IllegalArgumentException for another tokenizer, or files that do not belong together
     */
    static FramedTokenizer load(Path folder) throws IOException {
        if (Files.exists(folder.resolve("merges.txt"))) {
            return ClipTokenizer.load(folder);
        }
        TokenizerFile file = TokenizerFile.read(folder.resolve("tokenizer.json"));
        return ClipVocabulary.isIn(file) ? ClipTokenizer.of(file, folder) : WordPieceTokenizer.of(file);
    }

    /** Ids of a text without its frame, however long. */
    int[] pieces(String text);

    /** A frame around ids, cut and padded to always as many tokens: padding takes part in the attention. */
    Encoding frame(int[] pieces);

    /** How many ids the frame has before the text's. */
    int frameStart();
}
