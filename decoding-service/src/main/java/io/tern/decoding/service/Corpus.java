package io.tern.decoding.service;

import io.tern.decoding.draft.RetrievalStore;
import io.tern.decoding.draft.TokenArchive;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The texts that {@code ./tern retrieval build} has put into a folder, for models to draft from; each model reads them by
 * its own tokenizer when it is loaded.
 */
final class Corpus {
    /** Twelve bytes each. */
    private static final int MOST_TOKENS = 1 << 22;

    private static final int LEAST_CAPACITY = 16;

    private Corpus() {}

    /** @param folder of UTF-8 texts; one that is not there has none */
    static RetrievalStore read(Path folder, Tokenizer tokenizer) throws IOException {
        if (!Files.isDirectory(folder)) {
            return new RetrievalStore();
        }
        List<int[]> texts = new ArrayList<>();
        int tokens = 0;
        for (Path file : files(folder)) {
            for (String paragraph : Files.readString(file).split("(?<=\n\n)")) {
                int[] ids = tokenizer.encode(paragraph);
                if (tokens + ids.length + 1 > MOST_TOKENS) {
                    return store(texts, tokens);
                }
                texts.add(ids);
                tokens += ids.length + 1;
            }
        }
        return store(texts, tokens);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    private static RetrievalStore store(List<int[]> texts, int tokens) {
        TokenArchive archive = new TokenArchive(Math.max(LEAST_CAPACITY, tokens));
        for (int[] text : texts) {
            for (int token : text) {
                archive.add(token);
            }
            archive.endText();
        }
        return new RetrievalStore(archive);
    }
}
