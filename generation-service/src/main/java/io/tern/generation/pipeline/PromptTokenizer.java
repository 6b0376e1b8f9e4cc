package io.tern.generation.pipeline;

import io.tern.base.TernException;
import io.tern.text.ClipTokenizer;
import io.tern.text.Encoding;
import io.tern.text.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** Texts to the tokens of an encoder. */
interface PromptTokenizer {
    /** Always as many tokens: padding takes part in the attention. */
    Encoding encode(String text);

    /**
     * CLIP's where its two files are, else WordPiece.
     *
     * @param name of the tokenizer's folder
     */
    static PromptTokenizer load(Path folder, String name) {
        boolean clip = Files.exists(folder.resolve(name + "/merges.txt"));
        String file = name + (clip ? "/vocab.json" : "/tokenizer.json");
        Path found = ConfigFile.requireFile(folder, file);
        try {
            return clip ? ClipTokenizer.load(folder.resolve(name))::encode : WordPieceTokenizer.load(found)::encode;
        } catch (IllegalArgumentException | JacksonException e) {
            throw TernException.invalid(file, e.getMessage(), "a tokenizer of CLIP, or a tokenizer.json of WordPiece");
        } catch (IOException e) {
            throw TernException.invalid(file, "cannot be read", "a tokenizer's files");
        }
    }
}
