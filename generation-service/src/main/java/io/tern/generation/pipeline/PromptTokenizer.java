package io.tern.generation.pipeline;

import io.tern.base.TernException;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.text.encoder.Encoding;
import io.tern.text.encoder.FramedTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;

/** Prompts to the tokens of an encoder. */
record PromptTokenizer(FramedTokenizer tokenizer) {
    /** How many ids stand before the text's. */
    int frameStart() {
        return tokenizer.frameStart();
    }

    /** {@link FramedTokenizer#frame}. */
    Encoding frame(int[] pieces) {
        return tokenizer.frame(pieces);
    }

    /** Its parts one behind the other, each split into tokens by itself. */
    Encoding encode(WeightedPrompt prompt) {
        return frame(prompt.parts().stream()
                .flatMapToInt(part -> IntStream.of(tokenizer.pieces(part.text())))
                .toArray());
    }

    /** How much the text's tokens weigh, from the one at {@link #frameStart()} on, however many there are. */
    double[] weights(WeightedPrompt prompt) {
        return prompt.parts().stream()
                .flatMapToDouble(
                        part -> IntStream.of(tokenizer.pieces(part.text())).mapToDouble(_ -> part.weight()))
                .toArray();
    }

    /**
     * {@link FramedTokenizer#load}.
     *
     * @param name of the tokenizer's folder
     */
    static PromptTokenizer load(Path folder, String name) {
        boolean pair = Files.exists(folder.resolve(name + "/merges.txt"));
        String file = name + (pair ? "/vocab.json" : "/tokenizer.json");
        var _ = ConfigFile.requireFile(folder, file);
        try {
            return new PromptTokenizer(FramedTokenizer.load(folder.resolve(name)));
        } catch (IllegalArgumentException | JacksonException e) {
            throw TernException.invalid(file, e.getMessage(), "a tokenizer of CLIP, or a tokenizer.json of WordPiece");
        } catch (IOException e) {
            throw TernException.invalid(file, "cannot be read", "a tokenizer's files");
        }
    }
}
